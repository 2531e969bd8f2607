import type { Database } from 'better-sqlite3';
import type { ScheduleRecord, ScheduleRunRecord, ScheduleRunRow } from '../records.js';
import { fieldsOf, type Row, takenOver, type Value } from './fields.js';

const fields = fieldsOf<ScheduleRecord>({
  name: 'plain',
  spec: 'json',
  createdAt: 'plain',
  changedAt: 'plain',
  anchorAt: 'plain',
  decidedUntil: 'plain',
  pausedAt: 'plain',
  pauseReason: 'plain',
});
const runFields = fieldsOf<ScheduleRunRecord>({
  schedule: 'plain',
  dueAt: 'plain',
  decidedAt: 'plain',
  jobId: 'plain',
  skipped: 'plain',
  reason: 'plain',
});
const jobFields = fieldsOf<Pick<ScheduleRunRow, 'status' | 'outcome' | 'finishedAt'>>({
  status: 'plain',
  outcome: 'plain',
  finishedAt: 'plain',
});

export const encodeSchedule = (record: ScheduleRecord): Value[] => fields.encode(record);
export const encodeScheduleRun = (record: ScheduleRunRecord): Value[] => runFields.encode(record);

export function scheduleWrites(db: Database) {
  const put = db.prepare<Value[]>(
    `insert into schedule (${fields.columns.join(', ')}) values (${fields.parameters}) on conflict (name) do update set ${takenOver(fields.columns)}`,
  );
  const remove = db.prepare<[string]>('delete from schedule where name = ?');
  const removeRuns = db.prepare<[string]>('delete from schedule_run where schedule = ?');
  const insertRun = db.prepare<Value[]>(`insert into schedule_run (${runFields.columns.join(', ')}) values (${runFields.parameters})`);
  const prune = db.prepare<[string, string, number]>(
    `delete from schedule_run where schedule = ? and key <=
       (select key from schedule_run where schedule = ? order by key desc limit 1 offset ?)`,
  );
  return {
    putSchedule: (values: Value[]): void => void put.run(...values),
    dropSchedule(name: string): void {
      removeRuns.run(name);
      remove.run(name);
    },
    /** @param keep how many of the schedule's runs are left, the newest */
    addRun(schedule: string, values: Value[], keep: number): void {
      insertRun.run(...values);
      prune.run(schedule, schedule, keep);
    },
  };
}

export function scheduleReads(db: Database) {
  const all = db.prepare<[], Row>(`select ${fields.select('schedule')} from schedule order by name`);
  const runs = db.prepare<[], Row>(
    `select ${runFields.select('run')}, ${jobFields.select('job')} from schedule_run run left join job on job.id = run.job_id order by run.key`,
  );
  return {
    schedules: (): ScheduleRecord[] => all.all().map(fields.decode),
    scheduleRuns: (): ScheduleRunRow[] => runs.all().map((row) => ({ ...runFields.decode(row), ...jobFields.decode(row) })),
  };
}
