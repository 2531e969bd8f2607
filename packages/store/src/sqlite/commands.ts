import type { Database } from 'better-sqlite3';
import type { CommandRecord } from '../records.js';
import { commandKeyOf, commandNumOf } from './commandKey.js';
import { fieldsOf, type Row, takenOver, type Value } from './fields.js';

const fields = fieldsOf<Omit<CommandRecord, 'jobId' | 'attempt' | 'num'>>({
  phase: 'plain',
  cmd: 'plain',
  screencmd: 'plain',
  exitCode: 'plain',
  signal: 'plain',
  startedAt: 'plain',
  finishedAt: 'plain',
  firstSeq: 'plain',
  lastSeq: 'plain',
  outBytes: 'plain',
  errBytes: 'plain',
});

export const encodeCommand = (record: CommandRecord): Value[] => fields.encode(record);

export function commandWrites(db: Database) {
  const put = db.prepare<Value[]>(
    `insert into command (key, ${fields.columns.join(', ')}) values (?, ${fields.parameters}) on conflict (key) do update set ${takenOver(fields.columns)}`,
  );
  return {
    putCommand(lease: number, num: number, values: Value[]): void {
      put.run(commandKeyOf(lease, num), ...values);
    },
  };
}

export function commandReads(db: Database) {
  const ofLease = db.prepare<[number, number], Row>(
    `select key, ${fields.select('command')} from command where key >= ? and key < ? order by key`,
  );
  return {
    /** The commands of an attempt, by number. */
    commandsOf: ({ jobId, attempt, lease }: { jobId: string; attempt: number; lease: number }): CommandRecord[] =>
      ofLease
        .all(commandKeyOf(lease, -1), commandKeyOf(lease + 1, -1))
        .map((row) => ({ jobId, attempt, num: commandNumOf(row.key as number), ...fields.decode(row) })),
  };
}
