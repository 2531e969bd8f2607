import { groupOf } from '@skep/protocol';
import type { StoreMemory } from '@skep/store';

/** What is wrong with whose turn it is, by what the store says: groups that are too full, and jobs that did not wait for others. */
export function* turnFaults({ jobs }: StoreMemory): Generator<string> {
  const limits = new Map<string, number[]>();
  for (const { record, attempts } of jobs.values()) {
    const group = groupOf(record.job);
    const isLive = [...attempts.values()].some((attempt) => attempt.record.endedAt === null);
    if (group && isLive) limits.set(group.name, [...(limits.get(group.name) ?? []), group.limit]);
    for (const id of record.job.after ?? []) {
      const before = jobs.get(id)?.record;
      if (!before) yield `job ${record.id} comes after ${id}, which is not there`;
      else if (attempts.size > 0 && before.outcome !== 'passed')
        yield `job ${record.id} has begun after ${id}, which is ${before.outcome ?? before.status}`;
      else if (before.status === 'done' && before.outcome !== 'passed' && record.outcome !== 'cancelled')
        yield `job ${record.id} is ${record.outcome ?? record.status} after ${id}, which is ${before.outcome}`;
    }
  }
  for (const [name, live] of limits)
    if (live.length > Math.min(...live)) yield `${live.length} attempts of group ${name} are live, whose limits are ${live}`;
}
