import type { JobSummary, Waiting } from '@skep/protocol';
import { summaryOf } from '../reads/summaryOf.js';
import type { Core } from './core.js';
import type { LiveDrone } from './LiveDrone.js';
import type { LiveJob } from './LiveJob.js';

/** Why a job waits; null if it does not. */
export function waitingOf(core: Core, job: LiveJob): Waiting | null {
  if (job.record.status !== 'queued') return null;
  if (job.record.notBefore !== null) return { reason: 'not-before', at: job.record.notBefore };
  return core.fleet.why(job.id) ?? null;
}

export const summarize = (core: Core, job: LiveJob): JobSummary => summaryOf(job.record, waitingOf(core, job));

export const tellJobChanged = (core: Core, job: LiveJob): void => core.announcer.jobChanged(summarize(core, job));

/** Tells watchers what a drone is now: that it joined if they do not know it yet. */
export function tellDroneChanged(core: Core, drone: LiveDrone): void {
  if (drone.joined) core.announcer.droneChanged(drone.summary(core));
  else if (drone.link) {
    drone.joined = true;
    core.announcer.droneJoined(drone.summary(core));
  }
}
