import { type Job, jobTypeOf, titleOf } from '@skep/protocol';
import type { AttemptRecord, DroneRecord, JobRecord } from '@skep/store';
import { runKeyOf } from '../estimates/runKey.js';
import type { LiveDrone } from './LiveDrone.js';
import type { LiveJob } from './LiveJob.js';

/** A job as it comes in. */
export const newJobRecord = (job: Job, id: string, now: number): JobRecord => ({
  id,
  job,
  title: titleOf(job),
  project: job.project ?? null,
  jobType: jobTypeOf(job),
  priority: job.priority ?? 0,
  retryOf: job.retryOf ?? null,
  queuedAt: now,
  runKey: runKeyOf(job),
  status: 'queued',
  outcome: null,
  reason: null,
  attempt: 0,
  droneId: null,
  droneName: null,
  phase: null,
  startedAt: null,
  waitedMs: null,
  finishedAt: null,
  exitCode: null,
  signal: null,
  confirmed: null,
  cancelReason: null,
  notBefore: null,
  cursor: 0,
});

/** The next attempt at a job, as its lease is granted. */
export const newAttemptRecord = ({ record }: LiveJob, drone: LiveDrone, lease: number, now: number): AttemptRecord => ({
  jobId: record.id,
  attempt: record.attempt,
  lease,
  droneId: drone.id,
  droneName: drone.record.name,
  droneSpeed: drone.record.speed,
  grantedAt: now,
  queuedAt: null,
  startedAt: null,
  phaseStartedAt: null,
  testedAt: null,
  finishedAt: null,
  endedAt: null,
  outcome: null,
  reason: null,
  error: null,
  phase: null,
  deployBegan: false,
  testCode: null,
  testTimeMs: null,
  deployCode: null,
  deployTimeMs: null,
  exitCode: null,
  signal: null,
  progress: null,
  result: null,
  firstCursor: record.cursor,
  events: 0,
  outputBytes: 0,
  outputLines: 0,
  outputState: 'growing',
  sha256: null,
  missing: null,
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
