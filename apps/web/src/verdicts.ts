import { type DroneSummary, type Job, requirementsOf } from '@skep/protocol';

/** What stands between a job and one drone. */
export interface Verdict {
  drone: DroneSummary;
  /** `now`: it would take the job at once; `busy`: when a slot is free; `never`: not as it is. */
  when: 'now' | 'busy' | 'never';
  /** In words, such as `runs 2 of 2` or `labels.os is linux, not macos`. */
  why: string;
}

/** A verdict for each drone, the likeliest first. */
export function verdictsOf(job: Job, drones: Iterable<DroneSummary>): Verdict[] {
  const order = { now: 0, busy: 1, never: 2 };
  return [...drones].map((drone) => verdictOf(job, drone)).sort((a, b) => order[a.when] - order[b.when] || b.drone.speed - a.drone.speed);
}

function verdictOf(job: Job, drone: DroneSummary): Verdict {
  const missing = missingIn(job, drone);
  if (missing.length > 0) return { drone, when: 'never', why: missing.join('; ') };
  if (drone.connectedAt === null) return { drone, when: 'never', why: 'is not connected' };
  if (drone.state === 'draining') return { drone, when: 'never', why: `takes no new jobs${drone.reason ? `: ${drone.reason}` : ''}` };
  if (drone.state === 'quarantined') return { drone, when: 'never', why: `is quarantined${drone.reason ? `: ${drone.reason}` : ''}` };
  const slots = `runs ${drone.running.length} of ${drone.capacity}`;
  if (drone.running.length >= drone.capacity)
    return { drone, when: 'busy', why: drone.waiting > 0 ? `${slots}, ${drone.waiting} waiting` : slots };
  return { drone, when: 'now', why: slots };
}

function missingIn(job: Job, { labels, plugins, handlers, speed }: DroneSummary): string[] {
  const needs = requirementsOf(job);
  return [
    ...Object.entries(needs.labels)
      .filter(([name, value]) => labels[name] !== value)
      .map(([name, value]) =>
        labels[name] === undefined ? `has no label ${name}=${value}` : `label ${name} is ${labels[name]}, not ${value}`,
      ),
    ...needs.plugins.filter((name) => !plugins.includes(name)).map((name) => `has no plugin ${name}`),
    ...needs.handlers.filter((name) => !handlers.includes(name)).map((name) => `performs no ${name}`),
    ...(speed < needs.minSpeed ? [`speed ${speed} is below ${needs.minSpeed}`] : []),
  ];
}
