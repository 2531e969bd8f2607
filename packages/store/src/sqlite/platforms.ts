import type { Database } from 'better-sqlite3';
import type { DroppedPlatformRecord } from '../records.js';
import { fieldsOf, type Row, takenOver, type Value } from './fields.js';

const fields = fieldsOf<DroppedPlatformRecord>({ name: 'plain', reason: 'plain', droppedAt: 'plain' });

export const encodeDroppedPlatform = (record: DroppedPlatformRecord): Value[] => fields.encode(record);

export function platformWrites(db: Database) {
  const put = db.prepare<Value[]>(
    `insert into dropped_platform (${fields.columns.join(', ')}) values (${fields.parameters}) on conflict (name) do update set ${takenOver(fields.columns)}`,
  );
  const remove = db.prepare<[string]>('delete from dropped_platform where name = ?');
  return {
    putDroppedPlatform: (values: Value[]): void => void put.run(...values),
    restorePlatform: (name: string): void => void remove.run(name),
  };
}

export function platformReads(db: Database) {
  const all = db.prepare<[], Row>(`select ${fields.select('dropped_platform')} from dropped_platform order by name`);
  return { droppedPlatforms: (): DroppedPlatformRecord[] => all.all().map(fields.decode) };
}
