import { type Job, type Outcome, SkepError } from '@skep/protocol';
import { type Core, decide } from './core.js';
import type { LiveJob } from './LiveJob.js';

/** How a job ended that others come after. */
export interface End {
  readonly outcome: Outcome | null;
  readonly finishedAt: number | null;
}

/** How jobs ended that are not live any more, by id. */
export type Ends = ReadonlyMap<string, End>;

/**
 * Finds out how those jobs ended that a new job comes after, and does something in the very moment in which it knows: no
 * other decision comes in between.
 * @throws {SkepError} AFTER_CIRCLE if the job names itself, AFTER_UNKNOWN if it names one that there is not
 */
export async function knowingEnds<T>(core: Core, job: Job, perform: (ends: Ends) => Promise<T>): Promise<T> {
  const { id } = job;
  const before = [...(job.after ?? []), ...(job.follows ?? [])];
  if (before.length === 0) return perform(new Map());
  if (id !== undefined && before.includes(id)) throw new SkepError('AFTER_CIRCLE', `Job ${id} is to run after itself`);
  const ends = new Map<string, End>();
  for (;;) {
    // A job that could not be stored was never there.
    for (const each of before) await core.jobs.get(each)?.stored;
    // The end of one that is not live may be on its way to the store.
    await decide(core, () => undefined);
    const unknown = before.filter((each) => !core.jobs.has(each) && !ends.has(each));
    if (unknown.length === 0) return perform(ends);
    for (const each of unknown) {
      const end = await core.store.job(each);
      if (!end) throw new SkepError('AFTER_UNKNOWN', `There is no job ${each} to come after`);
      ends.set(each, end);
    }
  }
}

/**
 * Has a job wait for those that it comes after and that are live. A job that is neither live nor known was removed, so it
 * had passed: else this one would have ended with it.
 * @returns why the job can never start, where one of them did not pass
 */
export function waitForJobs(core: Core, job: LiveJob, ends: Ends): string | undefined {
  for (const id of job.record.job.after ?? []) {
    const end = ends.get(id);
    if (end && end.outcome !== 'passed') return reasonAfter(id, end.outcome);
    job.readyAt = Math.max(job.readyAt, end?.finishedAt ?? 0);
    waitFor(core, job, id);
  }
  for (const id of job.record.job.follows ?? []) {
    job.readyAt = Math.max(job.readyAt, ends.get(id)?.finishedAt ?? 0);
    waitFor(core, job, id);
  }
  return undefined;
}

function waitFor(core: Core, job: LiveJob, id: string): void {
  if (!core.jobs.has(id)) return;
  job.pending.add(id);
  const behind = core.behind.get(id);
  if (behind) behind.add(job);
  else core.behind.set(id, new Set([job]));
}

/** Whether a job can only start if this one passes; else it waits for its end, whatever that is. */
export const mustPass = ({ record }: LiveJob, id: string): boolean => record.job.after?.includes(id) ?? false;

/** A job waits for others no more. */
export function forgetPending(core: Core, job: LiveJob): void {
  for (const id of job.pending) {
    const behind = core.behind.get(id);
    behind?.delete(job);
    if (behind?.size === 0) core.behind.delete(id);
  }
  job.pending.clear();
}

/** A job is done: takes away those that waited for it, in the order in which they were submitted. */
export function takeBehind(core: Core, id: string): LiveJob[] {
  const behind = [...(core.behind.get(id) ?? [])];
  core.behind.delete(id);
  for (const job of behind) job.pending.delete(id);
  return behind;
}

/** Why a job was cancelled that comes after one which did not pass. */
export const reasonAfter = (id: string, outcome: Outcome | null): string => `after ${id}: ${outcome}`;
