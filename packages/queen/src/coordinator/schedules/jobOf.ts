import { type Job, SkepError } from '@skep/protocol';
import type { ScheduleRecord } from '@skep/store';

/**
 * The job that a schedule makes, without its id.
 * @param source what caused it, beside the name of the schedule
 * @throws {SkepError} where it cannot be made of the template any more
 */
export function jobOf({ name, spec }: Pick<ScheduleRecord, 'name' | 'spec'>, source: { due?: string }): Job {
  if (!spec.job) throw new SkepError('INVALID_SCHEDULE', `The schedule ${name} has nothing to run`);
  return { ...spec.job, trigger: { type: 'schedule', message: `schedule ${name}`, source: { schedule: name, ...source } } };
}
