import type { Database } from 'better-sqlite3';
import type { TokenRecord } from '../records.js';
import { fieldsOf, type Row, takenOver, type Value } from './fields.js';

const fields = fieldsOf<TokenRecord>({ name: 'plain', scope: 'plain', sha256: 'plain', createdAt: 'plain' });

export const encodeToken = (record: TokenRecord): Value[] => fields.encode(record);

export function tokenWrites(db: Database) {
  const put = db.prepare<Value[]>(
    `insert into token (${fields.columns.join(', ')}) values (${fields.parameters}) on conflict (name) do update set ${takenOver(fields.columns)}`,
  );
  const remove = db.prepare<[string]>('delete from token where name = ?');
  return {
    putToken: (values: Value[]): void => void put.run(...values),
    dropToken: (name: string): void => void remove.run(name),
  };
}

export function tokenReads(db: Database) {
  const all = db.prepare<[], Row>(`select ${fields.select('token')} from token order by name`);
  return { tokens: (): TokenRecord[] => all.all().map(fields.decode) };
}
