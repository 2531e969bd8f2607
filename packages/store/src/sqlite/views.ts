import type { Database } from 'better-sqlite3';
import type { ViewRecord } from '../records.js';
import { fieldsOf, type Row, takenOver, type Value } from './fields.js';

const fields = fieldsOf<ViewRecord>({ name: 'plain', filter: 'json', changedAt: 'plain' });

export const encodeView = (record: ViewRecord): Value[] => fields.encode(record);

export function viewWrites(db: Database) {
  const put = db.prepare<Value[]>(
    `insert into view (${fields.columns.join(', ')}) values (${fields.parameters}) on conflict (name) do update set ${takenOver(fields.columns)}`,
  );
  const remove = db.prepare<[string]>('delete from view where name = ?');
  return {
    putView: (values: Value[]): void => void put.run(...values),
    dropView: (name: string): void => void remove.run(name),
  };
}

export function viewReads(db: Database) {
  const all = db.prepare<[], Row>(`select ${fields.select('view')} from view order by name`);
  return { views: (): ViewRecord[] => all.all().map(fields.decode) };
}
