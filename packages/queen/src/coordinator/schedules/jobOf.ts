import type { Job } from '@skep/protocol';
import type { ScheduleRecord } from '@skep/store';
import type { Core } from '../core.js';
import { jobOfTemplate } from '../templates/jobOfTemplate.js';

/** What a schedule runs: its job, or its template with its values. @throws {SkepError} where the template is not there or cannot be filled */
export function filledJob(
  core: Pick<Core, 'templates' | 'limits'>,
  { job, template }: Pick<ScheduleRecord['spec'], 'job' | 'template'>,
): Job {
  if (template) return jobOfTemplate(core, template);
  return job ?? {};
}

/**
 * The job that a schedule makes, without its id.
 * @param source what caused it, beside the name of the schedule
 * @throws {SkepError} where it cannot be made of the template any more
 */
export const jobOf = (core: Pick<Core, 'templates' | 'limits'>, { name, spec }: ScheduleRecord, source: { due?: string }): Job => ({
  ...filledJob(core, spec),
  trigger: { type: 'schedule', message: `schedule ${name}`, source: { schedule: name, ...source } },
});
