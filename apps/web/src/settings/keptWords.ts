import type { Retention, RetiredJob } from '@skep/protocol';
import { count, size } from '../words.js';

type Bounds = NonNullable<Retention['passed']>;

/** Beyond which bound a job is. */
export const boundWords: Record<RetiredJob['because'], string> = {
  days: 'too old',
  jobs: 'too many newer ones',
  bytes: 'no room beside newer ones',
};

/** What is kept and how long, a row for each kind: of all projects, of those with bounds of their own, then the caches. */
export function keptRows({ passed, failed, projects = {}, caches }: Retention): [what: string, bounds: string][] {
  const own = Object.entries(projects).flatMap(([project, bounds]): [string, string][] => [
    [`jobs of ${project} that passed`, keptWords(bounds.passed, '')],
    [`all other jobs of ${project}`, keptWords(bounds.failed, '')],
  ]);
  return [
    ['jobs that passed', keptWords(passed)],
    ['all other jobs', keptWords(failed)],
    ...own,
    ['caches that nobody uses', keptWords({ days: 30, ...caches })],
  ];
}

/** Such as `90 days; the newest 100 of each project; up to 50 GB`. */
function keptWords({ days, jobs, bytes }: Bounds = {}, each = ' of each project'): string {
  const bounds = [
    days !== undefined && count(days, 'day'),
    jobs !== undefined && (jobs === 0 ? 'none' : `the newest ${jobs.toLocaleString()}${each}`),
    bytes !== undefined && `up to ${size(bytes)}`,
  ].filter((bound) => bound !== false);
  return bounds.length === 0 ? 'for ever' : bounds.join('; ');
}
