import type { Database, Statement } from 'better-sqlite3';
import type { JobRow } from '../records.js';
import type { JobFilter } from '../Store.js';
import { StoreFailure } from './failures.js';
import type { Row, Value } from './fields.js';
import { type JobRange, jobIndexes, jobRanges } from './jobRanges.js';

const ORDER = 'order by queued_at desc, key desc limit ?';

/**
 * Pages of jobs, newest first. A page costs a seek in an index and as many steps as it has rows; where two filters are
 * given, also the rows that meet the one whose index is used and not the other.
 */
export function jobPages(db: Database, select: string, toRow: (row: Row) => JobRow) {
  const prepared = new Map<string, Statement<Value[], Row>>();
  return (filter: JobFilter): { jobs: JobRow[]; next: string | null } => {
    const { limit } = filter;
    const ranges = jobRanges(filter);
    const sql = `select key, ${select} from (${ranges.map(rangeSql).join(' union all ')}) as job ${ORDER}`;
    const statement = prepared.get(sql) ?? db.prepare<Value[], Row>(sql);
    prepared.set(sql, statement);
    const [beforeAt, beforeKey] = placeOf(filter.before);
    const rows = statement.all(
      ...ranges.flatMap((range) => [...range.map(([, value]) => value), beforeAt, beforeKey, limit + 1]),
      limit + 1,
    );
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return { jobs: rows.slice(0, limit).map(toRow), next: last ? `${last.queuedAt}.${last.key}` : null };
  };
}

function rangeSql(range: JobRange): string {
  const conditions = range.map(([column]) => `${column} = ?`).join(' and ');
  return `select * from (select * from job indexed by ${jobIndexes[range[0][0]]} where ${conditions} and (queued_at, key) < (?, ?) ${ORDER})`;
}

/** Where a page begins: before this (queued_at, key). */
function placeOf(before: string | undefined): [number, number] {
  if (before === undefined) return [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  const place = /^(\d{1,16})\.(\d{1,16})$/.exec(before);
  if (!place) throw new StoreFailure('INVALID_MESSAGE', '`before` is not the `next` of a page of jobs');
  return [Number(place[1]), Number(place[2])];
}
