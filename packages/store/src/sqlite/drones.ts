import type { Database } from 'better-sqlite3';
import type { DroneRecord } from '../records.js';
import { fieldsOf, type Row, takenOver, type Value } from './fields.js';

const fields = fieldsOf<DroneRecord>({
  id: 'plain',
  name: 'plain',
  speed: 'plain',
  capacity: 'plain',
  labels: 'json',
  plugins: 'json',
  handlers: 'json',
  platform: 'plain',
  version: 'plain',
  drainReason: 'plain',
  connectedAt: 'plain',
  seenAt: 'plain',
});

export const encodeDrone = (record: DroneRecord): Value[] => fields.encode(record);

export function droneWrites(db: Database) {
  const put = db.prepare<Value[]>(
    `insert into drone (${fields.columns.join(', ')}) values (${fields.parameters}) on conflict (id) do update set ${takenOver(fields.columns)}`,
  );
  const remove = db.prepare<[string]>('delete from drone where id = ?');
  return {
    putDrone: (values: Value[]): void => void put.run(...values),
    forgetDrone: (id: string): void => void remove.run(id),
  };
}

export function droneReads(db: Database) {
  const all = db.prepare<[], Row>(`select ${fields.select('drone')} from drone order by id`);
  return { drones: (): DroneRecord[] => all.all().map(fields.decode) };
}
