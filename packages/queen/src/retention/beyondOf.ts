import type { Retention, RetiredJob } from '@skep/protocol';
import type { DoneJob } from '@skep/store';

const DAY_MS = 24 * 3_600_000;

/**
 * Judges jobs that are done, which must be given with the last to end first: says beyond which bound each is, if any. Those
 * that passed and those that did not are counted apart, and each project by itself.
 */
export function beyondOf(retention: Retention, nowMs: number): (job: DoneJob) => RetiredJob['because'] | undefined {
  const seen = new Map<string, { jobs: number; bytes: number }>();
  return ({ project, outcome, finishedAt, bytes }) => {
    const kind = outcome === 'passed' ? 'passed' : 'failed';
    const own = project === null ? undefined : retention.projects?.[project];
    const bounds = (own ?? retention)[kind];
    const key = JSON.stringify([kind, project]);
    const sum = seen.get(key) ?? { jobs: 0, bytes: 0 };
    seen.set(key, sum);
    sum.jobs += 1;
    sum.bytes += bytes;
    if (!bounds) return undefined;
    if (bounds.days !== undefined && nowMs - finishedAt > bounds.days * DAY_MS) return 'days';
    if (bounds.jobs !== undefined && sum.jobs > bounds.jobs) return 'jobs';
    if (bounds.bytes !== undefined && sum.bytes > bounds.bytes) return 'bytes';
    return undefined;
  };
}
