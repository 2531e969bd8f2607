import { createHash } from 'node:crypto';
import { type AttemptEvent, type Job, jobTypeOf } from '@skep/protocol';
import { type AttemptRecord, type Change, type JobRecord, newAttempt, newJobState, type StoredEvent } from '@skep/store';

/** Who runs forerunner's jobs, in the words of the store. */
const DRONE = 'forerunner';
/** Its tasks write no output. */
const NO_OUTPUT_SHA256 = createHash('sha256').digest('hex');

/** A job and an attempt at it, as they are to be written. */
export interface Kept<A = AttemptRecord> {
  job: JobRecord;
  attempt: A;
  /** Whether the store does not know the attempt yet. */
  isNew: boolean;
}

/** A job as it comes in. */
export const newJob = (job: Job, id: string, title: string, nowMs: number): JobRecord => ({
  id,
  job,
  title,
  project: null,
  branch: null,
  jobType: jobTypeOf(job),
  retryOf: null,
  queuedAt: nowMs,
  runKey: null,
  parent: null,
  cell: null,
  parentOf: null,
  ...newJobState(),
});

/** The next attempt at a job. */
export const nextAttempt = (job: JobRecord, lease: number, nowMs: number): AttemptRecord =>
  newAttempt({
    jobId: job.id,
    attempt: job.attempt + 1,
    lease,
    droneId: DRONE,
    droneName: DRONE,
    droneSpeed: null,
    grantedAt: nowMs,
    startedAt: nowMs,
    firstCursor: job.cursor,
  });

/** Ends an attempt. */
export function finished(attempt: AttemptRecord, ending: Pick<AttemptRecord, 'outcome' | 'reason' | 'error'>, nowMs: number): void {
  Object.assign(attempt, ending, { finishedAt: nowMs, endedAt: nowMs, outputState: 'complete', sha256: NO_OUTPUT_SHA256 });
}

/** What to write so that the store holds this job and attempt, with these events behind those that it has. */
export function changesOf({ job, attempt, isNew }: Kept<AttemptRecord | undefined>, events: AttemptEvent[], at: number): Change[] {
  const changes: Change[] = [];
  if (attempt) {
    const { jobId, attempt: number, events: seq } = attempt;
    if (isNew) changes.push({ type: 'attempt', record: nextAttempt({ ...job, attempt: number - 1 }, attempt.lease, attempt.grantedAt) });
    if (events.length > 0)
      changes.push({ type: 'events', jobId, attempt: number, events: events.map((event, index) => stored(event, seq + index, at)) });
    attempt.events += events.length;
    job.cursor = attempt.firstCursor + attempt.events;
    changes.push({ type: 'attempt', record: attempt });
  }
  const {
    id,
    job: _job,
    title: _title,
    project: _project,
    branch: _branch,
    jobType: _type,
    retryOf: _retryOf,
    queuedAt: _at,
    runKey: _key,
    ...state
  } = job;
  return [...changes, { type: 'job-state', id, state }];
}

const stored = ({ name, args }: AttemptEvent, seq: number, at: number): StoredEvent => ({
  seq,
  at,
  name,
  args,
  output: null,
  firstByte: 0,
  firstLine: 0,
  lines: 0,
});
