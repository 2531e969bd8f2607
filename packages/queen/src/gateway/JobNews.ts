import type { JobSummary } from '@skep/protocol';

/** How long news of a job that goes on may wait for newer news, in ms: a short one is over by then. */
const GATHER_MS = 50;

/** Tells those who watch the queue how jobs change: their ends at once, all else gathered, so that a short job is told of once. */
export class JobNews {
  readonly #gathered = new Map<string, JobSummary>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly tell: (summary: JobSummary) => void) {}

  changed(summary: JobSummary): void {
    if (summary.status === 'done') {
      this.#gathered.delete(summary.id);
      this.tell(summary);
      return;
    }
    this.#gathered.set(summary.id, summary);
    this.#timer ??= setTimeout(() => this.#tellGathered(), GATHER_MS).unref();
  }

  /** Tells nothing more. */
  close(): void {
    clearTimeout(this.#timer);
    this.#gathered.clear();
  }

  #tellGathered(): void {
    this.#timer = undefined;
    for (const summary of this.#gathered.values()) this.tell(summary);
    this.#gathered.clear();
  }
}
