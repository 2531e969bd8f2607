import type { JobSummary, Waiting } from '@skep/protocol';
import { summaryOf } from '../reads/summaryOf.js';
import type { Core, Decision } from './core.js';
import type { LiveDrone } from './LiveDrone.js';
import type { LiveJob } from './LiveJob.js';

/** How many of the jobs that a job waits for are named: a thousand in each summary would be too much. */
const SHOWN_JOBS = 20;

/** Why a job waits; null if it does not. */
export function waitingOf(core: Core, job: LiveJob): Waiting | null {
  if (job.record.status !== 'queued') return null;
  const awaited = job.family?.liveIds ?? [...job.pending];
  if (awaited.length > 0) return { reason: 'waiting-for-jobs', jobs: awaited.slice(0, SHOWN_JOBS), count: awaited.length };
  if (job.record.notBefore !== null) return { reason: 'not-before', at: job.record.notBefore };
  const dropped = core.platforms.get(job.record.job.requires?.platform ?? '');
  if (dropped) return { reason: 'paused', platform: dropped.name, ...(dropped.reason !== null && { why: dropped.reason }) };
  return named(core, core.fleet.why(job.id) ?? null);
}

/** With drones by name, as people know them. */
function named(core: Core, waiting: Waiting | null): Waiting | null {
  const nameOf = (id: string): string => core.drones.get(id)?.record.name ?? id;
  if (waiting?.reason === 'all-busy' && waiting.drone !== undefined) return { ...waiting, drone: nameOf(waiting.drone) };
  if (waiting?.reason === 'paused' && waiting.drones) return { ...waiting, drones: waiting.drones.map(nameOf) };
  if (waiting?.reason === 'unmet-requirements')
    return {
      ...waiting,
      which: waiting.which.map((each) => each.replace(/^notDrones\.(.*)$/, (_, id: string) => `notDrones.${nameOf(id)}`)),
    };
  return waiting;
}

export const summarize = (core: Core, job: LiveJob): JobSummary => summaryOf(job.record, waitingOf(core, job), job.attempt?.usual);

/** Has watchers told what a job is by this decision; by the time it is durable, the next one may be under way. */
export function tellJobChanged(core: Core, decision: Decision, job: LiveJob): void {
  const summary = summarize(core, job);
  decision.tell(() => {
    job.told = summary;
    core.announcer.jobChanged(summary);
  });
}

/** Tells watchers what a drone is now: that it joined if they do not know it yet. */
export function tellDroneChanged(core: Core, drone: LiveDrone): void {
  // Decided before the coordinator began anew: by now another speaks for this drone.
  if (core.drones.get(drone.id) !== drone) return;
  if (drone.joined) core.announcer.droneChanged(drone.summary(core));
  else if (drone.link) {
    drone.joined = true;
    core.announcer.droneJoined(drone.summary(core));
  }
}
