import type { Job } from '@skep/protocol';
import type { JobRecord } from '@skep/store';

/** The id of the job that a time of a schedule makes: the same however often it is made. */
export const dueId = (schedule: string, dueAt: number): string => `${schedule}@${isoTime(dueAt)}`;

/** Such as `2026-11-24T03:00:00Z`. */
export const isoTime = (atMs: number): string => new Date(atMs).toISOString().replace('.000Z', 'Z');

/** The schedule that a job says it is of. */
export function scheduleOf({ trigger }: Job): string | undefined {
  const source = trigger?.type === 'schedule' ? trigger.source : undefined;
  if (typeof source !== 'object' || source === null || !('schedule' in source)) return undefined;
  return typeof source.schedule === 'string' ? source.schedule : undefined;
}

/** Whether a job was made by a time of the schedule, and not by hand; its children were made by that job. */
export const isOfTime = ({ id, parent, job }: Pick<JobRecord, 'id' | 'parent' | 'job'>, schedule: string): boolean =>
  parent === null && scheduleOf(job) === schedule && id.startsWith(`${schedule}@`);
