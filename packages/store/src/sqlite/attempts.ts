import type { Database } from 'better-sqlite3';
import type { AttemptRecord } from '../records.js';
import { StoreFailure } from './failures.js';
import { fieldsOf, type Row, takenOver, type Value } from './fields.js';

const fields = fieldsOf<Omit<AttemptRecord, 'jobId' | 'lease' | 'attempt'>>({
  droneId: 'plain',
  droneName: 'plain',
  droneSpeed: 'plain',
  grantedAt: 'plain',
  queuedAt: 'plain',
  startedAt: 'plain',
  phaseStartedAt: 'plain',
  testedAt: 'plain',
  finishedAt: 'plain',
  endedAt: 'plain',
  outcome: 'plain',
  reason: 'plain',
  error: 'json',
  phase: 'plain',
  deployBegan: 'boolean',
  testCode: 'plain',
  testTimeMs: 'plain',
  deployCode: 'plain',
  deployTimeMs: 'plain',
  exitCode: 'plain',
  signal: 'plain',
  progress: 'json',
  result: 'json',
  firstCursor: 'plain',
  events: 'plain',
  outputBytes: 'plain',
  outputLines: 'plain',
  outputState: 'plain',
  sha256: 'plain',
  missing: 'plain',
  gaps: 'json',
});

const toRecord = (row: Row): AttemptRecord => ({
  jobId: row.jobId as string,
  attempt: row.attempt as number,
  lease: row.lease as number,
  ...fields.decode(row),
});

export const encodeAttempt = (record: AttemptRecord): Value[] => [record.jobId, record.attempt, record.lease, ...fields.encode(record)];

export function attemptWrites(db: Database) {
  const put = db.prepare<Value[]>(
    `insert into attempt (job_key, attempt, lease, ${fields.columns.join(', ')}) values ((select key from job where id = ?), ?, ?, ${fields.parameters})
     on conflict (job_key, attempt) do update set ${takenOver(fields.columns)} where lease = excluded.lease`,
  );
  // Forgotten leases are known by the greatest alone: events of any below may still be there.
  const wasForgotten = db
    .prepare<[number, number], number>(
      'select ? <= coalesce((select max(lease) from forgotten), 0) and not exists (select 1 from attempt where lease = ?)',
    )
    .pluck();
  const find = db.prepare<[string, number], { lease: number; isLatest: number }>(
    `select lease, not exists (select 1 from attempt as later where later.job_key = attempt.job_key and later.attempt > attempt.attempt) as isLatest
     from attempt where job_key = (select key from job where id = ?) and attempt = ?`,
  );
  return {
    putAttempt(values: Value[]): void {
      const lease = values[2] as number;
      if (wasForgotten.get(lease, lease) === 1)
        throw new StoreFailure('STORE_FAILED', `Lease ${lease} of job ${values[0]} may have been that of a forgotten job`);
      if (put.run(...values).changes === 0)
        throw new StoreFailure('STORE_FAILED', `Attempt ${values[1]} of job ${values[0]} has another lease than ${values[2]}`);
    },
    /** The lease of an attempt. @throws {SkepError} STORE_FAILED if there is no such attempt, or another came after it */
    leaseOf(jobId: string, attempt: number): number {
      const found = find.get(jobId, attempt);
      if (!found) throw new StoreFailure('STORE_FAILED', `There is no attempt ${attempt} of job ${jobId}`);
      // Cursors run through all attempts: an event added to an earlier one would move all that follow.
      if (!found.isLatest) throw new StoreFailure('STORE_FAILED', `Attempt ${attempt} of job ${jobId} is not the latest`);
      return found.lease;
    },
  };
}

export function attemptReads(db: Database) {
  const select = `select job.id as jobId, attempt.attempt, attempt.lease, ${fields.select('attempt')} from job join attempt on attempt.job_key = job.key`;
  const ofJob = db.prepare<[string], Row>(`${select} where job.id = ? order by attempt.attempt`);
  const latest = db.prepare<[number], Row>(`${select} where job.key = ? order by attempt.attempt desc limit 1`);
  const one = db.prepare<[string, number], Row>(`${select} where job.id = ? and attempt.attempt = ?`);
  const atCursor = db.prepare<[string, number], { lease: number; attempt: number; firstCursor: number }>(
    `select lease, attempt.attempt, first_cursor as firstCursor from job join attempt on attempt.job_key = job.key
     where job.id = ? and first_cursor <= ? order by attempt.attempt desc limit 1`,
  );
  const greatest = db
    .prepare<[], number | null>(
      'select max(coalesce((select max(lease) from attempt), 0), coalesce((select max(lease) from forgotten), 0))',
    )
    .pluck();
  return {
    attempts: (id: string): AttemptRecord[] => ofJob.all(id).map(toRecord),
    latestAttempt(jobKey: number): AttemptRecord | null {
      const row = latest.get(jobKey);
      return row ? toRecord(row) : null;
    },
    attempt(id: string, attempt: number): AttemptRecord | undefined {
      const row = one.get(id, attempt);
      return row && toRecord(row);
    },
    /** The attempt in which the event at this cursor lies, or would come to lie. */
    attemptAt: (id: string, cursor: number) => atCursor.get(id, cursor),
    lastLease: (): number => greatest.get() ?? 0,
  };
}
