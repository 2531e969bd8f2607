import { type EventItem, isOutput, type SkepClient } from '@skep/client';
import { type AttemptEvent, type Job, type JobSummary, SkepError, type StriderStatus, StriderStatuses } from '@skep/protocol';
import type { JobCopy } from './JobCopy.js';
import { OutputText } from './OutputText.js';
import { untilItPasses } from './untilItPasses.js';

/** How a job ended, or why it can be followed no further. */
export type RunEnd = { kind: 'done'; summary: JobSummary } | { kind: 'cancelled' } | { kind: 'refused'; error: Error };

/** Statuses that the runner tells by itself, each once in the life of a job. */
const ownStatuses: ReadonlySet<string> = new Set(['queued', 'done', 'errored', 'cancelled']);
/** Statuses that only the attempt itself decides, whatever a plugin says. */
const attemptStatuses: ReadonlySet<string> = new Set([
  'started',
  'phase.done',
  'phase.errored',
  'tested',
  'deployed',
  'command.start',
  'command.done',
  'stdout',
  'stderr',
]);

/** One job of Strider on the queen: submitted, or found there again, and followed to its end. */
export class JobRun {
  #statuses = new StriderStatuses();
  #text = new OutputText();
  #attempt = 1;
  #cursor = 0;
  #submission: Promise<unknown> | undefined;
  #isOnQueen = false;
  readonly #cancelled = new AbortController();

  /**
   * @param id the job's id on the queen
   * @param tell hears every status after it was added to the copy
   * @param isStarted whether the server has stored already that it started
   */
  constructor(
    private readonly id: string,
    readonly copy: JobCopy,
    private readonly client: SkepClient,
    private readonly tell: (status: StriderStatus) => void,
    private isStarted: boolean,
  ) {}

  get isRunning(): boolean {
    return this.copy.data.started !== null;
  }

  /** Submits the job, however long that takes, and follows it. Never throws. */
  submit(job: Job): Promise<RunEnd> {
    return this.#toItsEnd(async () => {
      const { signal } = this.#cancelled;
      const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      this.#submission = untilItPasses(() => this.client.submit(job), signal);
      await Promise.race([this.#submission, aborted]);
      if (signal.aborted) throw new CancelledEarly();
      return this.#follow(0);
    });
  }

  /** Follows a job that the queen has from an earlier life of this server. What happened until now is not told again. Never throws. */
  resume(): Promise<RunEnd> {
    this.#isOnQueen = true;
    return this.#toItsEnd(async () => {
      const info = await untilItPasses(() => this.client.query(this.id));
      return this.#follow(info?.cursor ?? 0);
    });
  }

  /** Ends the job: at once if the queen does not have it for certain, else when the queen says so. */
  cancel(): void {
    this.#cancelled.abort();
    if (!this.#isOnQueen && !this.#submission) return;
    // Also where the answer to a submission is still awaited: the queen may get the job all the same.
    Promise.resolve(this.#submission)
      .catch(() => undefined)
      .then(() => untilItPasses(() => this.client.cancel(this.id, 'cancelled in Strider')))
      .catch(() => undefined); // JOB_NOT_FOUND: there is nothing to end.
  }

  async #toItsEnd(run: () => Promise<JobSummary>): Promise<RunEnd> {
    try {
      return { kind: 'done', summary: await run() };
    } catch (error) {
      if (error instanceof CancelledEarly) return { kind: 'cancelled' };
      return { kind: 'refused', error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  /** @param told the cursor of the first event that is told; those before only belong to the copy */
  async #follow(told: number): Promise<JobSummary> {
    this.#isOnQueen = true;
    const summary = await untilItPasses(async () => {
      for await (const item of this.client.follow(this.id, { cursor: this.#cursor })) {
        if (item.type === 'summary' && item.summary.status === 'done') return item.summary;
        if (item.type !== 'event') continue;
        this.#cursor = item.cursor + 1;
        this.#hear(item, item.cursor >= told);
      }
      throw new SkepError('INTERNAL', 'The queen has no more events of a job that is not done');
    });
    return summary as JobSummary;
  }

  #hear(item: EventItem, isNew: boolean): void {
    const { attempt, at } = item;
    if (attempt !== this.#attempt) this.#nextAttempt(attempt, at, isNew);
    const event = eventOf(item);
    const ended = event.name === 'job:cmd:done' ? this.#text.end(event.args[0]) : [];
    for (const said of [...ended, this.#text.of(event)]) {
      for (const status of this.#statuses.of(said, at)) {
        if (ownStatuses.has(status[0]) || (event.name === 'job:plugin' && attemptStatuses.has(status[0]))) continue;
        this.#say(status, isNew);
      }
    }
  }

  #say(status: StriderStatus, isNew: boolean): void {
    const [name] = status;
    if (name === 'started') {
      // The server stores it: once, with the first attempt, and again only if it was not stored before a restart.
      if (this.copy.data.started === null) this.copy.add(status);
      if (this.isStarted) return;
      this.isStarted = true;
      this.tell(status);
      return;
    }
    for (const kept of this.copy.add(status)) if (isNew) this.tell(kept);
  }

  #nextAttempt(attempt: number, at: number, isNew: boolean): void {
    this.#attempt = attempt;
    this.#statuses = new StriderStatuses();
    this.#text = new OutputText();
    const { phase } = this.copy.data;
    const time = new Date(at);
    if (isNew) this.tell(['phase.done', { phase, time, exitCode: -1, code: -1, next: 'environment', elapsed: 0 }]);
    this.copy.restart();
    this.#say(['command.comment', { comment: `Attempt ${attempt} begins`, plugin: 'skep', time }], isNew);
  }
}

class CancelledEarly extends Error {}

/** An event as a drone said it: a chunk of output without its place. */
const eventOf = (item: EventItem): AttemptEvent =>
  isOutput(item) ? ({ name: item.name, args: [item.args[0], item.args[1]] } as AttemptEvent) : item;
