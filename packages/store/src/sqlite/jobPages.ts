import type { JobsSort } from '@skep/protocol';
import type { Database, Statement } from 'better-sqlite3';
import type { JobRow } from '../records.js';
import type { JobFilter } from '../Store.js';
import { StoreFailure } from './failures.js';
import type { Row, Value } from './fields.js';
import { type JobRange, jobIndexes, jobRanges } from './jobRanges.js';

/** How an order is said: which way an index is walked, what lies behind a place, and the place before all jobs. */
const orders = {
  newest: { sql: 'order by queued_at desc, key desc limit ?', behind: '<', start: [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] },
  oldest: { sql: 'order by queued_at, key limit ?', behind: '>', start: [Number.MIN_SAFE_INTEGER, 0] },
} as const;
type Order = (typeof orders)[JobsSort];

/**
 * Pages of jobs by when they were queued. A page costs a seek in an index and as many steps as it has rows; where two filters are
 * given, also the rows that meet the one whose index is used and not the other, such as children
 * where they are left out.
 */
export function jobPages(db: Database, select: string, toRow: (row: Row) => JobRow) {
  const prepared = new Map<string, Statement<Value[], Row>>();
  return (filter: JobFilter): { jobs: JobRow[]; next: string | null } => {
    const { limit } = filter;
    const order = orders[filter.sort ?? 'newest'];
    const ranges = jobRanges(filter);
    const sql = `select key, ${select} from (${ranges.map((range) => rangeSql(range, order)).join(' union all ')}) as job ${order.sql}`;
    const statement = prepared.get(sql) ?? db.prepare<Value[], Row>(sql);
    prepared.set(sql, statement);
    const place = filter.before === undefined ? order.start : placeOf(filter.before);
    const rows = statement.all(...ranges.flatMap((range) => [...range.map(([, value]) => value), ...place, limit + 1]), limit + 1);
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return { jobs: rows.slice(0, limit).map(toRow), next: last ? `${last.queuedAt}.${last.key}` : null };
  };
}

function rangeSql(range: JobRange, { sql, behind }: Order): string {
  // `is` also finds what is null, but would not do for the index, which may leave that out.
  const conditions = range.map(([column], i) => `${column} ${i === 0 ? '=' : 'is'} ?`).join(' and ');
  return `select * from (select * from job indexed by ${jobIndexes[range[0][0]]} where ${conditions} and (queued_at, key) ${behind} (?, ?) ${sql})`;
}

/** Where a page begins: behind this (queued_at, key). */
function placeOf(before: string): readonly [number, number] {
  const place = /^(\d{1,16})\.(\d{1,16})$/.exec(before);
  if (!place) throw new StoreFailure('INVALID_MESSAGE', '`before` is not the `next` of a page of jobs');
  return [Number(place[1]), Number(place[2])];
}
