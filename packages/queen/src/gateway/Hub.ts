import type { JobSummary } from '@skep/protocol';
import type { EventRun } from '@skep/store';

/** What has become of a job: events that are durable by now, or a new summary. */
export type News = { run: EventRun } | { summary: JobSummary };

export type NewsListener = (news: News) => void;

/** Who wants to hear of which job, within this process. */
export class Hub {
  readonly #listeners = new Map<string, Set<NewsListener>>();

  /** Has the listener told of everything new about a job. Returns how to end it. */
  subscribe(jobId: string, listener: NewsListener): () => void {
    const listeners = this.#listeners.get(jobId) ?? new Set();
    this.#listeners.set(jobId, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(jobId) === listeners) this.#listeners.delete(jobId);
    };
  }

  tell(jobId: string, news: News): void {
    const listeners = this.#listeners.get(jobId);
    if (listeners) for (const listener of [...listeners]) listener(news);
  }
}
