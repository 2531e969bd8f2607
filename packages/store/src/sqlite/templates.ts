import type { Database } from 'better-sqlite3';
import type { TemplateRecord } from '../records.js';
import { fieldsOf, type Row, takenOver, type Value } from './fields.js';

const fields = fieldsOf<TemplateRecord>({ name: 'plain', spec: 'json', createdAt: 'plain', changedAt: 'plain' });

export const encodeTemplate = (record: TemplateRecord): Value[] => fields.encode(record);

export function templateWrites(db: Database) {
  const put = db.prepare<Value[]>(
    `insert into template (${fields.columns.join(', ')}) values (${fields.parameters}) on conflict (name) do update set ${takenOver(fields.columns)}`,
  );
  const remove = db.prepare<[string]>('delete from template where name = ?');
  return {
    putTemplate: (values: Value[]): void => void put.run(...values),
    dropTemplate: (name: string): void => void remove.run(name),
  };
}

export function templateReads(db: Database) {
  const all = db.prepare<[], Row>(`select ${fields.select('template')} from template order by name`);
  return { templates: (): TemplateRecord[] => all.all().map(fields.decode) };
}
