import type { Database } from 'better-sqlite3';
import type { UploadRecord } from '../records.js';
import { fieldsOf, type Row, takenOver, type Value } from './fields.js';

const fields = fieldsOf<UploadRecord>({ id: 'plain', target: 'json', size: 'plain', sha256: 'plain', createdAt: 'plain' });

export const encodeUpload = (record: UploadRecord): Value[] => fields.encode(record);

export function uploadWrites(db: Database) {
  const put = db.prepare<Value[]>(
    `insert into upload (${fields.columns.join(', ')}) values (${fields.parameters}) on conflict (id) do update set ${takenOver(fields.columns)}`,
  );
  const remove = db.prepare<[string]>('delete from upload where id = ?');
  return {
    putUpload: (values: Value[]): void => void put.run(...values),
    dropUpload: (id: string): void => void remove.run(id),
  };
}

export function uploadReads(db: Database) {
  const all = db.prepare<[], Row>(`select ${fields.select('upload')} from upload order by created_at, id`);
  return { uploads: (): UploadRecord[] => all.all().map(fields.decode) };
}
