import type { Retention, RetentionAnswer, RetiredJob } from '@skep/protocol';
import type { Change, Store } from '@skep/store';
import { beyondOf } from './beyondOf.js';

const PAGE = 500;
/** So many jobs, or events of them, are removed in one commit, and with the last of them its children: others wait for no more than that. */
const JOBS_AT_ONCE = 20;
const EVENTS_AT_ONCE = 2000;
/** How many of the jobs to be removed are told. */
const MAX_TOLD = 1000;
const CACHE_DAYS = 30;
const DAY_MS = 24 * 3_600_000;

export interface JobRetentionOptions {
  store: Pick<Store, 'doneJobs' | 'hasForgotten' | 'caches' | 'commit'>;
  retention: Retention;
  /** Jobs that must stay: others wait for them, or rest on how they ended. */
  neededJobs: () => ReadonlySet<string>;
  now: () => number;
}

/** Removes jobs that are done, their output and artifacts, and caches, when they are beyond what is to be kept. */
export class JobRetention {
  constructor(private readonly options: JobRetentionOptions) {}

  /** What would be removed now, by the bounds that hold or by others; nothing is. */
  async plan(retention: Retention = this.options.retention): Promise<RetentionAnswer> {
    const answer: RetentionAnswer = { retention, jobs: [], count: 0, bytes: 0 };
    for await (const { descendants: _, ...job } of this.#beyond(retention)) {
      answer.count += 1;
      answer.bytes += job.bytes;
      if (answer.jobs.length < MAX_TOLD) answer.jobs.push(job);
    }
    return answer;
  }

  /**
   * Removes what is beyond, some at a time, and goes on where an earlier one was stopped.
   * @returns how many jobs and caches; what they had of artifacts is referred to no more
   */
  async apply(isStopping: () => boolean): Promise<number> {
    let removed = 0;
    let batch: Change[] = [];
    const write = async (): Promise<void> => {
      if (batch.length > 0) await this.options.store.commit(batch);
      removed += batch.length;
      batch = [];
    };
    let jobs = 0;
    for await (const { job, descendants } of this.#beyond(this.options.retention)) {
      if (isStopping()) break;
      batch.push({ type: 'forget-job', id: job });
      jobs += 1 + descendants;
      if (jobs < JOBS_AT_ONCE) continue;
      await write();
      jobs = 0;
    }
    await write();
    batch = await this.#cachesBeyond();
    await write();
    const { store } = this.options;
    while (!isStopping() && (await store.hasForgotten())) await store.commit([{ type: 'drop-forgotten', events: EVENTS_AT_ONCE }]);
    return removed;
  }

  /** The jobs to be removed, and with how many children and theirs. */
  async *#beyond(retention: Retention): AsyncGenerator<RetiredJob & { descendants: number }> {
    const { store, neededJobs, now } = this.options;
    if (!retention.passed && !retention.failed && !retention.projects) return;
    const beyond = beyondOf(retention, now());
    let next: string | null | undefined;
    do {
      const page = await store.doneJobs(PAGE, next ?? undefined);
      const needed = neededJobs();
      for (const job of page.jobs) {
        const because = beyond(job);
        if (because === undefined || [job.id, ...job.descendants].some((id) => needed.has(id))) continue;
        const { id, project, outcome, finishedAt, bytes, descendants } = job;
        yield { job: id, project, outcome, finished: finishedAt, bytes, because, descendants: descendants.length };
      }
      next = page.next;
    } while (next !== null);
  }

  async #cachesBeyond(): Promise<Change[]> {
    const { store, retention, now } = this.options;
    const { days = CACHE_DAYS, bytes = Number.POSITIVE_INFINITY } = retention.caches ?? {};
    let sum = 0;
    return (await store.caches())
      .filter(({ size, usedAt }) => {
        sum += size;
        return sum > bytes || now() - usedAt > days * DAY_MS;
      })
      .map(({ project, key }) => ({ type: 'drop-cache', project, key }));
  }
}
