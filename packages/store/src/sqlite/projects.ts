import type { Database } from 'better-sqlite3';

export function projectReads(db: Database) {
  // From one name straight to the next, however many jobs have it.
  const names = db
    .prepare<[string, number], string>(
      `with recursive name (project) as (
         select min(project) from job where project > ?
         union all
         select (select min(job.project) from job where job.project > name.project) from name where name.project is not null
       )
       select project from name where project is not null limit ?`,
    )
    .pluck();
  return { projects: (after: string, limit: number): string[] => names.all(after, limit) };
}
