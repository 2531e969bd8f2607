import type { Database } from 'better-sqlite3';
import type { CacheRecord } from '../records.js';
import { fieldsOf, type Row, takenOver, type Value } from './fields.js';

const fields = fieldsOf<CacheRecord>({
  project: 'plain',
  key: 'plain',
  size: 'plain',
  sha256: 'plain',
  createdAt: 'plain',
  usedAt: 'plain',
});

export const encodeCache = (record: CacheRecord): Value[] => fields.encode(record);

export function cacheWrites(db: Database) {
  const put = db.prepare<Value[]>(
    `insert into cache (${fields.columns.join(', ')}) values (${fields.parameters}) on conflict (project, key) do update set ${takenOver(fields.columns)}`,
  );
  const remove = db.prepare<[string, string]>('delete from cache where project = ? and key = ?');
  return {
    putCache: (values: Value[]): void => void put.run(...values),
    dropCache: (project: string, key: string): void => void remove.run(project, key),
  };
}

export function cacheReads(db: Database) {
  const select = `select ${fields.select('cache')} from cache`;
  const all = db.prepare<[], Row>(`${select} order by used_at desc, project, key`);
  const byKey = db.prepare<[string, string], Row>(`${select} where project = ? and key = ?`);
  // Keys have no control characters, and nothing in UTF-8 is greater than its last: so this is the range of a prefix.
  const byPrefix = db.prepare<[string, string, string], Row>(
    `${select} where project = ? and key >= ? and key < ? || char(0x10ffff) order by created_at desc, key desc limit 1`,
  );
  return {
    cache(project: string, key: string, prefixes: readonly string[]): CacheRecord | undefined {
      let row = byKey.get(project, key);
      for (const prefix of prefixes) row ??= byPrefix.get(project, prefix, prefix);
      return row && fields.decode(row);
    },
    caches: (): CacheRecord[] => all.all().map(fields.decode),
  };
}
