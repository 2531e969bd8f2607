import type { JobStatus } from '@skep/protocol';

/** What a job may become from each status: its whole state machine. */
export const nextStatuses: Record<JobStatus, readonly JobStatus[]> = {
  queued: ['assigned', 'running', 'done'], // running: a parent, with its first child; done: cancelled or timed out while it waited
  assigned: ['running', 'queued', 'done'], // queued again: its lease was lost
  running: ['queued', 'done'], // queued again: another attempt is due
  done: [],
};

/** Whether a job of status `from` may become `to`. A status does not follow itself. */
export const canFollow = (from: JobStatus, to: JobStatus): boolean => nextStatuses[from].includes(to);
