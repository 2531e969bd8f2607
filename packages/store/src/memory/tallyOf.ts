import type { JobFilter, Tally, TallyBy } from '../Store.js';
import { meets } from './pageOf.js';
import type { KeptJob } from './StoreMemory.js';

/** Counts the jobs that meet a filter, by what they share; all of them if they are fewer than `among`. */
export function tallyOf(
  jobs: Iterable<KeptJob>,
  filter: Omit<JobFilter, 'branch' | 'before' | 'limit'>,
  by: TallyBy,
  among: number,
): Tally {
  const found = [...jobs]
    .map(({ record }) => record)
    .filter((job) => meets(job, filter))
    .sort((a, b) => b.queuedAt - a.queuedAt);
  const counts = new Map<string, Tally['counts'][number]>();
  for (const { status, outcome, project, droneId } of found.slice(0, among)) {
    const shared =
      by === 'standing' ? { status, outcome } : by === 'project' ? project !== null && { project } : droneId !== null && { droneId };
    if (!shared) continue;
    const key = Object.values(shared).join();
    counts.set(key, { ...shared, jobs: (counts.get(key)?.jobs ?? 0) + 1 });
  }
  return { counts: [...counts.values()], isAll: found.length < among };
}
