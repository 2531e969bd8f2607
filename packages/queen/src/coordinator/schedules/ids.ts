import type { Job } from '@skep/protocol';

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

/** Whether a job was made by a time of the schedule, and not by hand. */
export const isOfTime = (id: string, schedule: string): boolean => id.startsWith(`${schedule}@`);
