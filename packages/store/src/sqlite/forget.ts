import type { Database } from 'better-sqlite3';
import { StoreFailure } from './failures.js';

/**
 * Removes jobs. What a job has few of goes at once; its events, of which there may be millions, go some at a time, so that
 * no commit waits for them.
 */
export function forgetWrites(db: Database) {
  const find = db.prepare<[string], { key: number; status: string }>('select key, status from job where id = ?');
  const children = db.prepare<[string], string>('select id from job where parent = ?').pluck();
  const ofJob = [
    'insert or ignore into forgotten select lease from attempt where job_key = ?',
    'delete from artifact where lease in (select lease from attempt where job_key = ?)',
    'delete from attempt where job_key = ?',
    'delete from submission where job_key = ?',
    'delete from job where key = ?',
  ].map((sql) => db.prepare<[number]>(sql));
  const oldest = db.prepare<[], number>('select min(lease) from forgotten').pluck();
  const some = (table: string, shift: number) =>
    db.prepare<[number, number, number]>(
      `delete from ${table} where key in (select key from ${table} where key >= ? << ${shift} and key < (? + 1) << ${shift} limit ?)`,
    );
  const dropEvents = some('event', 31);
  const dropCommands = some('command', 20);
  // The greatest stays: it says which leases were granted.
  const done = db.prepare<[number]>('delete from forgotten where lease = ? and lease < (select max(lease) from forgotten)');
  const isLast = db.prepare<[], number>('select count(*) = 1 from forgotten').pluck();
  /** Removes a job with its children. */
  function forgetJob(id: string): void {
    const job = find.get(id);
    if (!job) return;
    if (job.status !== 'done') throw new StoreFailure('STORE_FAILED', `Job ${id} is not done`);
    for (const child of children.all(id)) forgetJob(child);
    for (const statement of ofJob) statement.run(job.key);
  }

  return {
    forgetJob,
    dropForgotten(events: number): void {
      for (let left = events; left > 0; ) {
        const lease = oldest.get();
        if (lease == null) return;
        const dropped = dropEvents.run(lease, lease, left).changes + dropCommands.run(lease, lease, left).changes;
        left -= Math.max(1, dropped);
        if (dropped > 0) continue;
        if (isLast.get() === 1) return;
        done.run(lease);
      }
    },
  };
}

export function forgetReads(db: Database) {
  const more = db
    .prepare<[], number>(
      `select count(*) > 1 or exists (select 1 from forgotten join event on key >= lease << 31 and key < (lease + 1) << 31)
       or exists (select 1 from forgotten join command on key >= lease << 20 and key < (lease + 1) << 20) from forgotten`,
    )
    .pluck();
  return { hasForgotten: (): boolean => more.get() === 1 };
}
