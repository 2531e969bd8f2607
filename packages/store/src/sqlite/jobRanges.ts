import type { JobStatus } from '@skep/protocol';
import type { JobFilter } from '../Store.js';
import type { Value } from './fields.js';

type Column = 'status' | 'parent' | 'project' | 'branch' | 'drone_id' | 'outcome';

/** Each filter has an index of (the column, queued_at, key); that of the branch has the project before it. */
export const jobIndexes: Record<Column, string> = {
  status: 'job_by_status',
  parent: 'job_by_parent',
  project: 'job_by_project',
  branch: 'job_by_branch',
  drone_id: 'job_by_drone',
  outcome: 'job_by_outcome',
};

/** What the jobs of a range have in common; the first column's index is the one to use, and its value is not null. */
export type JobRange = readonly [[Column, Value], ...[Column, Value][]];

/** The ranges of which a list of jobs is merged: one of a filter's index, or where that tells more, one of each status. */
export function jobRanges({ status, project, branch, droneId, outcome, parent }: Omit<JobFilter, 'before' | 'limit'>): JobRange[] {
  const given: [Column, Value | undefined][] = [
    ['parent', parent ?? undefined],
    ['branch', branch],
    ['project', project],
    ['drone_id', droneId],
    ['outcome', outcome],
  ];
  const [first, ...others] = given.filter((filter): filter is [Column, Value] => filter[1] !== undefined);
  const rest: [Column, Value][] = parent === null ? [...others, ['parent', null]] : others;
  // Jobs that are not done are few, however many there are in all.
  if (first && status === undefined) return [[first, ...rest]];
  if (first && status === 'done') return [[first, ...rest, ['status', status]]];
  return statusesOf(status).map((each) => (first ? [['status', each], first, ...rest] : [['status', each], ...rest]));
}

function statusesOf(status: JobFilter['status']): readonly JobStatus[] {
  if (status === undefined) return ['queued', 'assigned', 'running', 'done'];
  return status === 'active' ? ['queued', 'assigned', 'running'] : [status];
}
