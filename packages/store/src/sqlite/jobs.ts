import type { Job, JobStatus } from '@skep/protocol';
import { SkepError } from '@skep/protocol';
import type { Database } from 'better-sqlite3';
import type { JobRecord, JobRow, JobState } from '../records.js';
import type { JobFilter } from '../Store.js';
import { fieldsOf, type Row, type Value } from './fields.js';

const stateFields = fieldsOf<JobState>({
  status: 'plain',
  outcome: 'plain',
  reason: 'plain',
  attempt: 'plain',
  droneId: 'plain',
  droneName: 'plain',
  phase: 'plain',
  startedAt: 'plain',
  finishedAt: 'plain',
  exitCode: 'plain',
  signal: 'plain',
  confirmed: 'boolean',
  cancelReason: 'plain',
  notBefore: 'plain',
  cursor: 'plain',
});

const fixedFields = fieldsOf<Omit<JobRow, keyof JobState>>({
  id: 'plain',
  title: 'plain',
  project: 'plain',
  jobType: 'plain',
  priority: 'plain',
  retryOf: 'plain',
  queuedAt: 'plain',
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
      if (update.run(...values).changes === 0) throw new SkepError('STORE_FAILED', `There is no job ${values.at(-1)}`);
    },
  };
}

export function jobReads(db: Database) {
  const withSubmission = `select job.key, ${select}, submission.job as submission from job join submission on submission.job_key = job.key`;
  const byId = db.prepare<[string], Row>(`${withSubmission} where job.id = ?`);
  // The plus keeps SQLite from walking the whole table in key order: few jobs are unfinished, however many there are.
  const unfinished = db.prepare<[], Row>(`${withSubmission} where job.status in ('queued', 'assigned', 'running') order by +job.key`);
  return {
    job(id: string): JobRecord | undefined {
      const row = byId.get(id);
      return row && toRecord(row);
    },
    /** All jobs that are not done, in the order of submission. */
    unfinishedJobs: (): { key: number; job: JobRecord }[] =>
      unfinished.all().map((row) => ({ key: row.key as number, job: toRecord(row) })),
    jobs: jobPages(db),
  };
}

const statusesOf = (status: JobFilter['status']): readonly JobStatus[] =>
  status === undefined ? ['queued', 'assigned', 'running', 'done'] : status === 'active' ? ['queued', 'assigned', 'running'] : [status];

/**
 * Pages of jobs, newest first. A page costs a seek in an index and as many steps as it has rows; where two filters are
 * given, also the rows that meet the one with the index and not the other.
 */
function jobPages(db: Database) {
  const prepared = new Map<string, ReturnType<typeof prepare>>();
  const prepare = (sql: string) => db.prepare<Value[], Row>(sql);
  return ({ status, outcome, project, droneId, before, limit }: JobFilter): { jobs: JobRow[]; next: string | null } => {
    const [beforeAt, beforeKey] = placeOf(before);
    const filters: [string, Value | undefined][] = [
      ['project', project],
      ['drone_id', droneId],
      ['outcome', outcome],
    ];
    const given = filters.filter((filter): filter is [string, Value] => filter[1] !== undefined);
    // Jobs that are not done are few, so their index narrows best; else the first filter's does. A page over several
    // statuses is merged from one range of each.
    const indexed = status === undefined || status === 'done' ? given[0]?.[0] : undefined;
    const conditions = [...given.map(([column]) => `${column} = ?`), '(queued_at, key) < (?, ?)'];
    const order = 'order by queued_at desc, key desc limit ?';
    const ranges =
      indexed === undefined
        ? statusesOf(status).map(
            (each) => `select * from job indexed by job_by_status where ${[`status = '${each}'`, ...conditions].join(' and ')} ${order}`,
          )
        : [
            `select * from job indexed by job_by_${indexed.replace('_id', '')} where ${[...conditions, ...(status ? [`status = '${status}'`] : [])].join(' and ')} ${order}`,
          ];
    const sql = `select key, ${select} from (${ranges.map((range) => `select * from (${range})`).join(' union all ')}) as job ${order}`;
    let statement = prepared.get(sql);
    if (!statement) prepared.set(sql, (statement = prepare(sql)));
    const range = [...given.map(([, value]) => value), beforeAt, beforeKey, limit + 1];
    const rows = statement.all(...ranges.flatMap(() => range), limit + 1);
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return { jobs: rows.slice(0, limit).map(toRow), next: last ? `${last.queuedAt}.${last.key}` : null };
  };
}

/** Where a page begins: before this (queued_at, key). */
function placeOf(before: string | undefined): [number, number] {
  if (before === undefined) return [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  const place = /^(\d{1,16})\.(\d{1,16})$/.exec(before);
  if (!place) throw new SkepError('INVALID_MESSAGE', '`before` is not the `next` of a page of jobs');
  return [Number(place[1]), Number(place[2])];
}
