import { randomUUID } from 'node:crypto';
import { type AttemptEvent, Job, parseAs, SkepError, titleOf } from '@skep/protocol';
import type { AttemptRecord, JobRecord, Store } from '@skep/store';
import { answer, type Callback } from './answer.js';
import { changesOf, finished, type Kept, newJob, nextAttempt } from './records.js';

/** A store as forerunner's manager uses it. */
export interface ForerunnerStore {
  /** Keeps a new job; called back with its id and with the data that workers are to get. */
  create(type: string, data: unknown, callback?: Callback<[id: string, data: unknown]>): void;
  progress(id: string, value: unknown, callback?: Callback): void;
  /** Counts a failure; called back with how often the job has failed by now. It waits again until it is said to have failed for good. */
  countFailed(id: string, message: unknown, callback?: Callback<[count: number]>): void;
  failed(id: string, callback?: Callback): void;
  complete(id: string, result: unknown, callback?: Callback): void;
  /** All jobs that neither failed nor are complete, oldest first. */
  getQueue(callback: Callback<[jobs: { id: string; type: string; data: unknown }[]]>): void;
}

/**
 * A store of Skep's as a store for forerunner. Each job is a task, each try at it an attempt, progress and results are
 * events: all that reads such a store sees what forerunner did. The store must be in no other hands meanwhile, a queen's neither.
 */
export function forerunnerStore(store: Store, now: () => number = Date.now): ForerunnerStore {
  let lastWork: Promise<void> = Promise.resolve();

  /** One after another: each begins with what the one before has written. */
  function inTurn<T extends unknown[] | []>(work: () => Promise<T>, callback: Callback<T> | undefined): void {
    const before = lastWork;
    lastWork = answer(() => before.then(work), callback);
  }

  async function kept(id: string): Promise<{ job: JobRecord; attempts: AttemptRecord[] }> {
    const job = await store.job(String(id));
    if (!job) throw new SkepError('JOB_NOT_FOUND', `There is no job ${id}`);
    if (job.status === 'done') throw new SkepError('INVALID_MESSAGE', `Job ${id} is done`);
    return { job, attempts: await store.attempts(job.id) };
  }

  /** The live attempt at a job, begun if there is none, as of now. */
  async function running(id: string): Promise<Kept & { failures: number }> {
    const { job, attempts } = await kept(id);
    const last = attempts.at(-1);
    const isLive = last !== undefined && last.endedAt === null;
    const attempt = isLive ? last : nextAttempt(job, (await store.lastLease()) + 1, now());
    Object.assign(job, {
      status: 'running',
      attempt: attempt.attempt,
      startedAt: attempt.startedAt,
      waitedMs: job.waitedMs ?? now() - job.queuedAt,
    });
    return { job, attempt, isNew: !isLive, failures: attempts.filter(({ endedAt }) => endedAt !== null).length };
  }

  async function write(at: Kept, events: AttemptEvent[]): Promise<void> {
    await store.commit(changesOf(at, events, now()));
  }

  return {
    create(type, data, callback) {
      const id = randomUUID();
      inTurn(async () => {
        const job = parseAs(Job, { id, job_type: type, data }, 'The job', 'INVALID_JOB');
        await store.commit([{ type: 'job', record: newJob(job, id, titleOf(job), now()) }]);
        return [id, data];
      }, callback);
    },

    progress(id, value, callback) {
      inTurn(async () => {
        const at = await running(id);
        at.attempt.progress = value;
        await write(at, [{ name: 'job:progress', args: [value] }]);
        return [];
      }, callback);
    },

    countFailed(id, message, callback) {
      inTurn(async () => {
        const at = await running(id);
        const error = { code: 'handler-failed', message: String(message) };
        finished(at.attempt, { outcome: 'errored', reason: error.code, error }, now());
        Object.assign(at.job, { status: 'queued', droneId: null, droneName: null, startedAt: null });
        await write(at, [{ name: 'job:errored', args: [error, now()] }]);
        return [at.failures + 1];
      }, callback);
    },

    failed(id, callback) {
      inTurn(async () => {
        const { job, attempts } = await kept(id);
        const live = attempts.find(({ endedAt }) => endedAt === null);
        const reason = live ? 'failed' : (attempts.at(-1)?.error?.message ?? 'failed');
        if (live) finished(live, { outcome: 'failed', reason, error: null }, now());
        Object.assign(job, { status: 'done', outcome: 'failed', reason, finishedAt: now() });
        await store.commit(changesOf({ job, attempt: live, isNew: false }, [], now()));
        return [];
      }, callback);
    },

    complete(id, result, callback) {
      inTurn(async () => {
        const at = await running(id);
        at.attempt.result = result;
        finished(at.attempt, { outcome: 'passed', reason: null, error: null }, now());
        Object.assign(at.job, { status: 'done', outcome: 'passed', finishedAt: now() });
        await write(at, [
          { name: 'job:result', args: [result] },
          { name: 'job:done', args: [now()] },
        ]);
        return [];
      }, callback);
    },

    getQueue(callback) {
      inTurn(async () => {
        const unfinished = await store.unfinished();
        return [unfinished.map(({ job: { id, jobType: type, job } }) => ({ id, type, data: job.data }))];
      }, callback);
    },
  };
}
