import { type Issue, MASK, type ScheduleBody, SkepError, type When, type WhenProblem } from '@skep/protocol';
import { whenProblem } from '@skep/scheduler';
import type { Core } from '../core.js';
import { planOf } from '../parents/planOf.js';
import { filledJob } from './jobOf.js';

type Spec = Omit<ScheduleBody, 'name'>;

/** Fields of a job that a schedule gives itself, or that name jobs which are over by its next time. */
const ownFields = ['id', 'job_id', 'after', 'follows', 'retryOf'];

/**
 * Refuses what can never run.
 * @throws {SkepError} INVALID_SCHEDULE, with each place that is wrong; what is wrong with a template, its values, or a matrix
 */
export function checkSpec(core: Pick<Core, 'templates' | 'platforms' | 'limits'>, spec: Spec): void {
  const issues: Issue[] = [];
  if ((spec.job === undefined) === (spec.template === undefined))
    issues.push({ path: 'job', message: 'either a job or a template must be given' });
  const job = filledJob(core, spec);
  const what = spec.template ? 'template' : 'job';
  for (const field of ownFields)
    if (field in job) issues.push({ path: `${what}.${field}`, message: 'cannot be given: each time makes a job of its own' });
  for (const path of masked(spec.job, 'job'))
    issues.push({ path, message: 'is masked: give its value, or leave `job` out to keep what is there' });
  const problem = whenProblem(spec.when);
  if (problem) issues.push({ path: `when.${problem.field}`, message: inWords(spec.when, problem) });
  const [first] = issues;
  if (first) throw new SkepError('INVALID_SCHEDULE', `The schedule is not right: ${first.path}: ${first.message}`, { issues });
  // Cells that cannot be made; of those that there are now, as a schedule may outlive a template.
  planOf(core, job, 'a-time-of-it');
}

/** With the place that is wrong. */
function inWords(when: When, { field, message, from, length }: WhenProblem): string {
  const text = String(field === 'cron' && 'cron' in when ? when.cron : (when.zone ?? ''));
  return length === 0 || length === text.length ? message : `${message} (character ${from + 1})`;
}

/** The places of a job that are given as they are shown, not as they are. */
function masked(value: unknown, path: string): string[] {
  if (typeof value === 'string') return value.includes(MASK) ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => masked(each, `${path}.${key}`));
}
