import type { Job } from '@skep/protocol';
import type { ScheduleRecord } from '@skep/store';
import type { Core } from '../core.js';
import { fillTemplate } from '../templates/fillTemplate.js';
import { findTemplate } from '../templates/findTemplate.js';

/** What a schedule runs: its job, or its template with its values. @throws {SkepError} where the template is not there or cannot be filled */
export function filledJob(core: Pick<Core, 'templates'>, { job, template }: Pick<ScheduleRecord['spec'], 'job' | 'template'>): Job {
  if (template) return fillTemplate(findTemplate(core, template.name).spec, template.values ?? {});
  return job ?? {};
}

/**
 * The job that a schedule makes, without its id.
 * @param source what caused it, beside the name of the schedule
 * @throws {SkepError} where it cannot be made of the template any more
 */
export const jobOf = (core: Pick<Core, 'templates'>, { name, spec }: ScheduleRecord, source: { due?: string }): Job => ({
  ...filledJob(core, spec),
  trigger: { type: 'schedule', message: `schedule ${name}`, source: { schedule: name, ...source } },
});
