import type { Database, Statement } from 'better-sqlite3';
import type { JobFilter, Tally, TallyBy } from '../Store.js';
import type { Row, Value } from './fields.js';
import { type JobRange, jobIndexes, jobRanges } from './jobRanges.js';

const columns: Record<TallyBy, { select: string; group: string }> = {
  standing: { select: 'status, outcome', group: 'status, outcome' },
  project: { select: 'project', group: 'project' },
  droneId: { select: 'drone_id as droneId', group: 'drone_id' },
};

/** Counts of jobs; of each range at most the newest `among` rows of its index are looked at. */
export function jobTallies(db: Database) {
  const prepared = new Map<string, Statement<Value[], Row>>();
  return (filter: Omit<JobFilter, 'branch' | 'before' | 'limit'>, by: TallyBy, among: number): Tally => {
    const ranges = jobRanges(filter);
    const { select, group } = columns[by];
    const sql = `select ${select}, sum(meets) as jobs, count(*) as looked from (${ranges.map((range) => rangeSql(range, group)).join(' union all ')}) group by ${group}`;
    const statement = prepared.get(sql) ?? db.prepare<Value[], Row>(sql);
    prepared.set(sql, statement);
    // The conditions beside the index stand before it in the statement.
    const rows = statement.all(...ranges.flatMap(([[, first], ...rest]) => [...rest.map(([, value]) => value), first, among]));
    const looked = rows.reduce((sum, row) => sum + Number(row.looked), 0);
    const counts = rows
      .filter((row) => Number(row.jobs) > 0 && (by === 'standing' || row[by] !== null))
      .map(({ looked: _, ...row }) => row as Tally['counts'][number]);
    return { counts, isAll: looked < among };
  };
}

function rangeSql([[first], ...rest]: JobRange, group: string): string {
  const meets = rest.map(([column]) => `${column} is ?`).join(' and ') || '1';
  return `select ${group}, (${meets}) as meets from (select * from job indexed by ${jobIndexes[first]} where ${first} = ? order by queued_at desc, key desc limit ?)`;
}
