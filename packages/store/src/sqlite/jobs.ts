import type { Job } from '@skep/protocol';
import type { Database } from 'better-sqlite3';
import type { JobRecord, JobRow, JobState } from '../records.js';
import { StoreFailure } from './failures.js';
import { fieldsOf, type Row, type Value } from './fields.js';
import { jobPages } from './jobPages.js';
import { jobTallies } from './jobTallies.js';

const stateFields = fieldsOf<JobState>({
  status: 'plain',
  outcome: 'plain',
  reason: 'plain',
  attempt: 'plain',
  droneId: 'plain',
  droneName: 'plain',
  phase: 'plain',
  startedAt: 'plain',
  waitedMs: 'plain',
  finishedAt: 'plain',
  exitCode: 'plain',
  signal: 'plain',
  confirmed: 'boolean',
  cancelReason: 'plain',
  priority: 'plain',
  notBefore: 'plain',
  cursor: 'plain',
  children: 'json',
});

const fixedFields = fieldsOf<Omit<JobRow, keyof JobState>>({
  id: 'plain',
  title: 'plain',
  project: 'plain',
  branch: 'plain',
  jobType: 'plain',
  retryOf: 'plain',
  queuedAt: 'plain',
  runKey: 'plain',
  parent: 'plain',
  cell: 'json',
  parentOf: 'plain',
});

const select = `${fixedFields.select('job')}, ${stateFields.select('job')}`;

const toRow = (row: Row): JobRow => ({ ...fixedFields.decode(row), ...stateFields.decode(row) });
const toRecord = (row: Row): JobRecord => ({ ...toRow(row), job: JSON.parse(row.submission as string) as Job });

export const encodeJob = (record: JobRecord): { row: Value[]; submission: string } => ({
  row: [...fixedFields.encode(record), ...stateFields.encode(record)],
  submission: JSON.stringify(record.job),
});

/** The values of a `job-state`: the state, then the job's id. */
export const encodeJobState = (id: string, state: JobState): Value[] => [...stateFields.encode(state), id];

export function jobWrites(db: Database) {
  const insert = db.prepare<Value[]>(
    `insert into job (${[...fixedFields.columns, ...stateFields.columns].join(', ')}) values (${fixedFields.parameters}, ${stateFields.parameters})`,
  );
  const submit = db.prepare<[string]>('insert into submission (job_key, job) values (last_insert_rowid(), ?)');
  const update = db.prepare<Value[]>(`update job set ${stateFields.assignments} where id = ?`);
  return {
    addJob(row: Value[], submission: string): void {
      insert.run(...row);
      submit.run(submission);
    },
    setJobState(values: Value[]): void {
      if (update.run(...values).changes === 0) throw new StoreFailure('STORE_FAILED', `There is no job ${values.at(-1)}`);
    },
  };
}

export function jobReads(db: Database) {
  const withSubmission = `select job.key, ${select}, submission.job as submission from job join submission on submission.job_key = job.key`;
  const byId = db.prepare<[string], Row>(`${withSubmission} where job.id = ?`);
  // The plus keeps SQLite from walking the whole table in key order: few jobs are unfinished, however many there are.
  const unfinished = db.prepare<[], Row>(`${withSubmission} where job.status in ('queued', 'assigned', 'running') order by +job.key`);
  const ofParent = db.prepare<[string], Row>(`select ${select} from job where parent = ? order by key`);
  const ids = db.prepare<[string, number], string>('select id from job where id > ? order by id limit ?').pluck();
  return {
    children: (id: string): JobRow[] => ofParent.all(id).map(toRow),
    jobIds: (after: string, limit: number): string[] => ids.all(after, limit),
    job(id: string): JobRecord | undefined {
      const row = byId.get(id);
      return row && toRecord(row);
    },
    /** All jobs that are not done, in the order of submission. */
    unfinishedJobs: (): { key: number; job: JobRecord }[] =>
      unfinished.all().map((row) => ({ key: row.key as number, job: toRecord(row) })),
    jobs: jobPages(db, select, toRow),
    tally: jobTallies(db),
  };
}
