import { type Job, requirementsOf } from './job.js';
import type { DroneSummary, Waiting } from './jobInfo.js';
import type { Unblock, Verdict } from './why.js';

const order = { now: 0, busy: 1, never: 2 };

/** A verdict on each drone, the likeliest first: that which takes the job soonest, then the fastest. */
export function verdictsOf(job: Job, drones: Iterable<DroneSummary>): Verdict[] {
  return [...drones]
    .sort((a, b) => b.speed - a.speed)
    .map((drone) => verdictOf(job, drone))
    .sort((a, b) => order[a.when] - order[b.when]);
}

function verdictOf(job: Job, drone: DroneSummary): Verdict {
  const { id, name, state, capacity, running, waiting, platform } = drone;
  const because = drone.reason === undefined ? '' : `: ${drone.reason}`;
  const never = (reason: Verdict['reason'], why: string): Verdict => ({ drone: id, name, when: 'never', reason, why });
  const missing = missingIn(job, drone);
  if (missing.length > 0)
    return { ...never('unmet-requirements', missing.map(({ why }) => why).join('; ')), which: missing.map(({ which }) => which) };
  if (drone.connectedAt === null || state === 'lost' || state === 'offline') return never('away', 'is not connected');
  if (state === 'quarantined') return never('quarantined', `is quarantined${because.replace(/^: quarantined/, '')}`);
  if (drone.dropped) return { ...never('platform-dropped', `takes no new jobs${because}`), ...(platform !== undefined && { platform }) };
  if (state === 'draining') return never('draining', `takes no new jobs${because}`);
  const slots = `runs ${running.length} of ${capacity}`;
  if (running.length < capacity) return { drone: id, name, when: 'now', reason: 'free', why: slots };
  return { drone: id, name, when: 'busy', reason: 'busy', why: waiting > 0 ? `${slots}, ${waiting} waiting` : slots };
}

/** What of the job's requirements the drone does not meet: by the names that `Waiting` gives them, and in words. */
function missingIn(
  job: Job,
  { id, name: own, labels, plugins, handlers, speed, platform }: DroneSummary,
): { which: string; why: string }[] {
  const needs = requirementsOf(job);
  return [
    ...Object.entries(needs.labels)
      .filter(([name, value]) => labels[name] !== value)
      .map(([name, value]) => ({
        which: `labels.${name}=${value}`,
        why: labels[name] === undefined ? `has no label ${name}=${value}` : `label ${name} is ${labels[name]}, not ${value}`,
      })),
    ...needs.plugins.filter((name) => !plugins.includes(name)).map((name) => ({ which: `plugins.${name}`, why: `has no plugin ${name}` })),
    ...needs.handlers.filter((name) => !handlers.includes(name)).map((name) => ({ which: `handlers.${name}`, why: `performs no ${name}` })),
    ...(speed < needs.minSpeed ? [{ which: `minSpeed=${needs.minSpeed}`, why: `speed ${speed} is below ${needs.minSpeed}` }] : []),
    ...(needs.platform !== null && platform !== needs.platform
      ? [
          {
            which: `platform=${needs.platform}`,
            why: platform === undefined ? 'names no platform' : `platform is ${platform}, not ${needs.platform}`,
          },
        ]
      : []),
    ...(needs.drone !== null && needs.drone !== id && needs.drone !== own
      ? [{ which: `drone=${needs.drone}`, why: `is not ${needs.drone}` }]
      : []),
    ...(needs.notDrones.includes(id) ? [{ which: `notDrones.${id}`, why: 'must not be this drone' }] : []),
  ];
}

/**
 * What would let a waiting job start, the nearest first: what comes by itself, then what somebody can do with the drones
 * there are, then what takes another drone or another job.
 */
export function unblockOf(waiting: Waiting, verdicts: readonly Verdict[]): Unblock[] {
  switch (waiting.reason) {
    case 'not-before':
      return [{ action: 'not-before', words: 'wait: it is tried again by itself', at: waiting.at }];
    case 'group-full':
      return [{ action: 'group-slot', words: `wait for another job of the group ${waiting.group}`, group: waiting.group }];
    case 'waiting-for-jobs':
      return [{ action: 'jobs-done', words: `wait for ${waiting.jobs.join(', ')}`, jobs: waiting.jobs }];
    case 'all-busy':
      return [{ action: 'free-slot', words: 'wait for a free slot' }, ...resumptions(verdicts), startDrone()];
    case 'paused':
      if (waiting.platform !== undefined) return [restorePlatform(waiting.platform)];
      return [...resumptions(verdicts), startDrone()];
    case 'no-drone':
      return [...resumptions(verdicts), startDrone()];
    case 'unmet-requirements':
      return [
        ...resumptions(verdicts),
        startDrone(waiting.which),
        { action: 'change-job', words: `submit it again without ${waiting.which.join(', ')}`, which: waiting.which },
      ];
  }
}

/** Drones that meet the requirements and get no jobs. */
function resumptions(verdicts: readonly Verdict[]): Unblock[] {
  const dropped = new Set(verdicts.flatMap(({ platform }) => (platform === undefined ? [] : [platform])));
  const resumed = verdicts.flatMap(({ reason, name }): Unblock[] => {
    if (reason === 'draining' || reason === 'quarantined') return [{ action: 'resume-drone', words: `resume ${name}`, drone: name }];
    return reason === 'away' ? [{ action: 'connect-drone', words: `bring back ${name}`, drone: name }] : [];
  });
  return [...resumed, ...[...dropped].map(restorePlatform)];
}

const restorePlatform = (platform: string): Unblock => ({
  action: 'restore-platform',
  words: `restore the platform ${platform}`,
  platform,
});

function startDrone(which: readonly string[] = []): Unblock {
  if (which.length === 0) return { action: 'start-drone', words: 'start another drone that may run it' };
  return { action: 'start-drone', words: `start a drone with ${which.join(', ')}`, which: [...which] };
}
