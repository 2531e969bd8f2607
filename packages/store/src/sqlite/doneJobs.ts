import type { Database } from 'better-sqlite3';
import type { DoneJob } from '../Store.js';

/** Pages of the jobs that are done, the last to end first. */
export function doneJobReads(db: Database) {
  const page = db.prepare<[number, number, number], DoneJob & { key: number }>(
    `select key, id, project, outcome, finished_at as finishedAt,
       (select coalesce(sum(output_bytes), 0) from attempt where job_key = job.key)
       + (select coalesce(sum(size), 0) from artifact where lease in (select lease from attempt where job_key = job.key)) as bytes
     from job where finished_at is not null and status = 'done' and (finished_at, key) < (?, ?)
     order by finished_at desc, key desc limit ?`,
  );
  return {
    doneJobs(limit: number, next?: string): { jobs: DoneJob[]; next: string | null } {
      const [finishedAt = Number.MAX_SAFE_INTEGER, key = 0] = next === undefined ? [] : next.split(':').map(Number);
      const rows = page.all(finishedAt, key, limit + 1);
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return { jobs: rows.slice(0, limit).map(({ key: _, ...job }) => job), next: last ? `${last.finishedAt}:${last.key}` : null };
    },
  };
}
