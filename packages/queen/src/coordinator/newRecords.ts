import { type Job, jobTypeOf, titleOf } from '@skep/protocol';
import { type AttemptRecord, type DroneRecord, type JobRecord, newAttempt, newJobState } from '@skep/store';
import { runKeyOf } from '../estimates/runKey.js';
import type { LiveDrone } from './LiveDrone.js';
import type { LiveJob } from './LiveJob.js';
import type { Plan } from './parents/planOf.js';

/** A job as it comes in. */
export const newJobRecord = ({ id, job, parent, cell, family }: Plan, now: number): JobRecord => ({
  id,
  job,
  title: titleOf(job),
  project: job.project ?? null,
  branch: branchOf(job),
  jobType: jobTypeOf(job),
  retryOf: job.retryOf ?? null,
  queuedAt: now,
  // A parent takes as long as its children: nothing of that is to be told of the next one.
  runKey: family ? null : runKeyOf(job),
  parent,
  cell,
  parentOf: family?.kind ?? null,
  ...newJobState(job.priority),
});

function branchOf({ ref }: Job): string | null {
  const branch = ref?.branch;
  return typeof branch === 'string' ? branch : null;
}

/** The next attempt at a job, as its lease is granted. */
export const newAttemptRecord = ({ record }: LiveJob, drone: LiveDrone, lease: number, now: number): AttemptRecord =>
  newAttempt({
    jobId: record.id,
    attempt: record.attempt,
    lease,
    droneId: drone.id,
    droneName: drone.record.name,
    droneSpeed: drone.record.speed,
    grantedAt: now,
    startedAt: null,
    firstCursor: record.cursor,
  });

/** A drone of which nothing is known but its id. */
export const newDroneRecord = (id: string, name: string, now: number): DroneRecord => ({
  id,
  name,
  speed: 1,
  capacity: 1,
  labels: {},
  plugins: [],
  handlers: [],
  platform: null,
  version: null,
  drainReason: null,
  connectedAt: null,
  seenAt: now,
});
