import { SkepError } from '@skep/protocol';
import type { JobRow } from '../records.js';
import type { JobFilter } from '../Store.js';
import type { KeptJob } from './StoreMemory.js';

/** A page of jobs by when they were queued. @throws {SkepError} INVALID_MESSAGE if `before` is a place that no page gave */
export function pageOf(jobs: Iterable<KeptJob>, filter: JobFilter): { jobs: JobRow[]; next: string | null } {
  const way = filter.sort === 'oldest' ? 1 : -1;
  const compare = (a: Place, b: Place): number => way * (a[0] - b[0] || a[1] - b[1]);
  const start = filter.before === undefined ? undefined : placeOf(filter.before);
  const found = [...jobs]
    .filter(({ record }) => meets(record, filter))
    .filter((job) => start === undefined || compare(placeIn(job), start) > 0)
    .sort((a, b) => compare(placeIn(a), placeIn(b)));
  const page = found.slice(0, filter.limit);
  const last = page.at(-1);
  return { jobs: page.map(toRow), next: last && found.length > page.length ? `${last.record.queuedAt}.${last.key}` : null };
}

type Place = readonly [at: number, key: number];

const placeIn = ({ key, record }: KeptJob): Place => [record.queuedAt, key];

function placeOf(before: string): Place {
  const [, at, key] = /^(\d+)\.(\d+)$/.exec(before) ?? [];
  if (at === undefined || key === undefined) throw new SkepError('INVALID_MESSAGE', `There is no page before ${before.slice(0, 50)}`);
  return [Number(at), Number(key)];
}

/** Whether a job is one of those that a filter means. */
export function meets(job: JobRow, { status, outcome, project, branch, droneId, parent }: Omit<JobFilter, 'before' | 'limit'>): boolean {
  if (status !== undefined && (status === 'active' ? job.status === 'done' : job.status !== status)) return false;
  if (outcome !== undefined && job.outcome !== outcome) return false;
  if (project !== undefined && job.project !== project) return false;
  if (parent !== undefined && job.parent !== parent) return false;
  if (branch !== undefined && job.branch !== branch) return false;
  return droneId === undefined || job.droneId === droneId;
}

/** A job without what was submitted. */
export function toRow({ record: { job: _, ...row } }: KeptJob): JobRow {
  return row;
}
