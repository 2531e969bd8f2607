import type { Outcome } from '@skep/protocol';
import type { Database } from 'better-sqlite3';
import type { EndTally, PastRun } from '../Store.js';
import { waitClassOf } from '../waitClasses.js';

/** What is read of jobs that are done, by indexes that hold just that. */
export function historyReads(db: Database) {
  const newest = db.prepare<[string, number], PastRun>(
    `select attempt.finished_at - attempt.started_at as durationMs, attempt.drone_id as droneId, attempt.drone_speed as speed
     from (select key, attempt, finished_at from job indexed by job_by_run
           where run_key = ? and outcome = 'passed' order by finished_at desc, key desc limit ?) as job
     join attempt on attempt.job_key = job.key and attempt.attempt = job.attempt
     where attempt.finished_at >= attempt.started_at and attempt.drone_speed is not null
     order by job.finished_at desc, job.key desc`,
  );
  const within = db
    .prepare<[number, number]>(
      'select outcome, waited_ms from job indexed by job_by_end where finished_at >= ? and finished_at < ? and parent_of is null',
    )
    .raw();
  return {
    runs: (runKey: string, limit: number): PastRun[] => newest.all(runKey, limit),
    ended(from: number, to: number): EndTally {
      const outcomes: EndTally['outcomes'] = {};
      const waits: EndTally['waits'] = {};
      // Faster than to have SQLite group them: it would sort them all.
      for (const [outcome, waitedMs] of within.iterate(from, to) as IterableIterator<[Outcome, number | null]>) {
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        if (waitedMs !== null) waits[waitClassOf(waitedMs)] = (waits[waitClassOf(waitedMs)] ?? 0) + 1;
      }
      return { outcomes, waits };
    },
  };
}
