import type { Database } from 'better-sqlite3';
import type { DoneJob } from '../Store.js';

type Row = Omit<DoneJob, 'descendants'> & { key: number; isParent: 0 | 1 };

/** Pages of the jobs that are done and no children, the last to end first. */
export function doneJobReads(db: Database) {
  const page = db.prepare<[number, number, number], Row>(
    `select key, id, project, outcome, finished_at as finishedAt, parent_of is not null as isParent,
       (select coalesce(sum(output_bytes), 0) from attempt where job_key = job.key)
       + (select coalesce(sum(size), 0) from artifact where lease in (select lease from attempt where job_key = job.key)) as bytes
     from job where finished_at is not null and status = 'done' and parent is null and (finished_at, key) < (?, ?)
     order by finished_at desc, key desc limit ?`,
  );
  const below = db.prepare<[string], { id: string; bytes: number }>(
    `with recursive descendant (id, key) as (
       select id, key from job where parent = ? union all select job.id, job.key from job join descendant on job.parent = descendant.id)
     select id, (select coalesce(sum(output_bytes), 0) from attempt where job_key = descendant.key)
       + (select coalesce(sum(size), 0) from artifact where lease in (select lease from attempt where job_key = descendant.key)) as bytes
     from descendant order by key`,
  );
  const withDescendants = ({ key: _, isParent, ...job }: Row): DoneJob => {
    const descendants = isParent ? below.all(job.id) : [];
    return { ...job, descendants: descendants.map(({ id }) => id), bytes: descendants.reduce((sum, { bytes }) => sum + bytes, job.bytes) };
  };
  return {
    doneJobs(limit: number, next?: string): { jobs: DoneJob[]; next: string | null } {
      const [finishedAt = Number.MAX_SAFE_INTEGER, key = 0] = next === undefined ? [] : next.split(':').map(Number);
      const rows = page.all(finishedAt, key, limit + 1);
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return { jobs: rows.slice(0, limit).map(withDescendants), next: last ? `${last.finishedAt}:${last.key}` : null };
    },
  };
}
