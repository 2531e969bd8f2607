import type { JobSummary } from '@skep/protocol';

/** A job in the day of a drone, in the lane of a slot. */
export interface DayJob {
  job: JobSummary;
  lane: number;
  from: number;
  to: number;
}

/**
 * Lays out what a drone ran between two instants: each job in the first lane that is free when it starts, so that there
 * are as many lanes as jobs ran at once.
 */
export function layOut(jobs: readonly JobSummary[], from: number, to: number): { lanes: number; placed: DayJob[] } {
  const within = jobs
    .flatMap((job) => {
      const end = job.finished ?? (job.status === 'done' ? null : to);
      return job.started === null || end === null || end < from || job.started > to
        ? []
        : [{ job, from: Math.max(from, job.started), to: Math.min(to, end) }];
    })
    .sort((a, b) => a.from - b.from || a.to - b.to);
  const freeAt: number[] = [];
  const placed = within.map((each) => {
    const free = freeAt.findIndex((at) => at <= each.from);
    const lane = free === -1 ? freeAt.length : free;
    freeAt[lane] = each.to;
    return { ...each, lane };
  });
  return { lanes: freeAt.length, placed };
}

/** Jobs of the same title: how many ended, how many of them passed, and how long half of those took at most. */
export interface JobKind {
  title: string;
  runs: number;
  passed: number;
  /** Milliseconds; null if none passed. */
  median: number | null;
}

/** The kinds of jobs among these, the most frequent first. */
export function kindsOf(jobs: readonly JobSummary[]): JobKind[] {
  const byTitle = new Map<string, JobSummary[]>();
  for (const job of jobs)
    if (job.status === 'done' && job.started !== null) byTitle.set(job.title, [...(byTitle.get(job.title) ?? []), job]);
  return [...byTitle]
    .map(([title, runs]) => {
      const took = runs.flatMap(({ outcome, started, finished }) =>
        outcome === 'passed' && started !== null && finished !== null ? [finished - started] : [],
      );
      took.sort((a, b) => a - b);
      return { title, runs: runs.length, passed: took.length, median: took[Math.floor((took.length - 1) / 2)] ?? null };
    })
    .sort((a, b) => b.runs - a.runs || (a.title < b.title ? -1 : 1));
}

/** Those of some names that are most like another: a part of it, or few letters away. */
export function nearNames(wanted: string, names: readonly string[], most = 5): string[] {
  const name = wanted.toLowerCase();
  return names
    .map((each) => ({
      each,
      far: each.toLowerCase().includes(name) || name.includes(each.toLowerCase()) ? 0 : distance(name, each.toLowerCase()),
    }))
    .filter(({ far }) => far <= Math.max(2, name.length / 3))
    .sort((a, b) => a.far - b.far)
    .slice(0, most)
    .map(({ each }) => each);
}

/** How many letters must be added, taken away or changed. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1)
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length] ?? 0;
}
