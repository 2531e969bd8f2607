import type { JobSummary, Waiting } from '@skep/protocol';
import type { JobRow } from '@skep/store';

/** A job in a line, as lists and watchers of the queue see it. `waiting` says why it waits; null if it does not. */
export const summaryOf = (row: JobRow, waiting: Waiting | null): JobSummary => ({
  ...commonOf(row, waiting),
  title: row.title,
  ...(row.project !== null && { project: row.project }),
  job_type: row.jobType,
  priority: row.priority,
  exitCode: row.exitCode,
  ...(row.signal !== null && { signal: row.signal }),
  ...(row.retryOf !== null && { retryOf: row.retryOf }),
});

/** What every view of a job says. Times are Unix ms; the drone is called by its name. */
export const commonOf = (row: JobRow, waiting: Waiting | null) => ({
  id: row.id,
  status: row.status,
  ...(row.outcome !== null && { outcome: row.outcome }),
  ...(row.reason !== null && { reason: row.reason }),
  waiting,
  attempt: row.attempt,
  ...(row.droneName !== null && { drone: row.droneName }),
  phase: row.phase,
  queued: row.queuedAt,
  started: row.startedAt,
  finished: row.finishedAt,
  cursor: row.cursor,
});
