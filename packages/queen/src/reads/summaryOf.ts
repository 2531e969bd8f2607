import type { JobSummary, Usual, Waiting } from '@skep/protocol';
import type { JobRow } from '@skep/store';

type Common = Pick<
  JobSummary,
  | 'id'
  | 'status'
  | 'outcome'
  | 'reason'
  | 'waiting'
  | 'attempt'
  | 'drone'
  | 'phase'
  | 'queued'
  | 'started'
  | 'finished'
  | 'priority'
  | 'cursor'
  | 'usual'
  | 'parent'
  | 'cell'
  | 'children'
>;

/** A job in a line, as lists and watchers of the queue see it. `waiting` says why it waits; null if it does not. */
export function summaryOf(row: JobRow, waiting: Waiting | null, usual?: Usual): JobSummary {
  const summary: JobSummary = Object.assign(commonOf(row, waiting, usual), {
    title: row.title,
    job_type: row.jobType,
    exitCode: row.exitCode,
  });
  if (row.project !== null) summary.project = row.project;
  if (row.branch !== null) summary.branch = row.branch;
  if (row.signal !== null) summary.signal = row.signal;
  if (row.retryOf !== null) summary.retryOf = row.retryOf;
  return summary;
}

/** What every view of a job says. Times are Unix ms; the drone is called by its name. */
export function commonOf(row: JobRow, waiting: Waiting | null, usual?: Usual): Common {
  const common: Common = {
    id: row.id,
    status: row.status,
    waiting,
    attempt: row.attempt,
    phase: row.phase,
    queued: row.queuedAt,
    started: row.startedAt,
    finished: row.finishedAt,
    priority: row.priority,
    cursor: row.cursor,
  };
  if (row.outcome !== null) common.outcome = row.outcome;
  if (row.reason !== null) common.reason = row.reason;
  if (row.parent !== null) common.parent = row.parent;
  if (row.cell !== null) common.cell = row.cell;
  if (row.children !== null) common.children = row.children;
  if (row.droneName !== null) common.drone = row.droneName;
  if (usual !== undefined && row.status === 'running') common.usual = usual;
  return common;
}
