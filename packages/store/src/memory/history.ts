import type { EndTally, PastRun } from '../Store.js';
import { waitClassOf } from '../waitClasses.js';
import type { KeptJob } from './StoreMemory.js';

/** The newest runs that passed of the jobs with this key, newest first. */
export function runsOf(jobs: Iterable<KeptJob>, runKey: string, limit: number): PastRun[] {
  return [...jobs]
    .filter(({ record }) => record.runKey === runKey && record.outcome === 'passed' && record.finishedAt !== null)
    .sort((a, b) => (b.record.finishedAt ?? 0) - (a.record.finishedAt ?? 0) || b.key - a.key)
    .slice(0, limit)
    .flatMap((job) => {
      const attempt = job.attempts.get(job.record.attempt)?.record;
      if (!attempt || attempt.startedAt === null || attempt.finishedAt === null || attempt.droneSpeed === null) return [];
      if (attempt.finishedAt < attempt.startedAt) return [];
      return [{ durationMs: attempt.finishedAt - attempt.startedAt, droneId: attempt.droneId, speed: attempt.droneSpeed }];
    });
}

/** What became of the jobs, parents apart, that ended in [from, to). */
export function endedWithin(jobs: Iterable<KeptJob>, from: number, to: number): EndTally {
  const outcomes: EndTally['outcomes'] = {};
  const waits: EndTally['waits'] = {};
  for (const { record } of jobs) {
    const { outcome, finishedAt, waitedMs } = record;
    if (record.parentOf !== null || outcome === null || finishedAt === null || finishedAt < from || finishedAt >= to) continue;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (waitedMs !== null) waits[waitClassOf(waitedMs)] = (waits[waitClassOf(waitedMs)] ?? 0) + 1;
  }
  return { outcomes, waits };
}
