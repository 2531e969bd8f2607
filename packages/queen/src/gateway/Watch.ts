import type { JobSummary } from '@skep/protocol';
import type { EventRun, Store } from '@skep/store';
import type { Socket } from 'socket.io';
import { plainArgs, toFrames, weightOf } from './eventArgs.js';
import type { Hub, News } from './Hub.js';
import type { Outlet } from './Outlet.js';
import type { Recent } from './Recent.js';

/** How much is read from the store at once. */
const PAGE_BYTES = 128 * 1024;
/** How much of what was sent as frames may be unacknowledged. */
const WINDOW_BYTES = 512 * 1024;

export interface WatchOptions {
  socket: Pick<Socket, 'emit'>;
  outlet: Pick<Outlet, 'isFull' | 'emit' | 'free'>;
  jobId: string;
  cursor: number;
  frames: boolean;
  store: Pick<Store, 'events'>;
  recent: Pick<Recent, 'from'>;
  hub: Hub;
  /** Called once when the watch is over: the job is done and all was sent, or the store failed. */
  onEnd: (error?: unknown) => void;
}

/**
 * Sends one watcher every event of a job from its cursor on, in order, and the job's summary whenever it changes. What is
 * new is passed on as it comes while the watcher keeps up; a slow one is served when it reads again, of what all watchers have in
 * common in memory or else from the store, so it costs no more memory than its window.
 */
export class Watch {
  readonly #options: WatchOptions;
  readonly #unsubscribe: () => void;
  #cursor: number;
  /** The greatest cursor that is known to be reached. */
  #end = 0;
  #summary: JobSummary | null = null;
  #hasBegun = false;
  /** Whether events were heard of since the store was asked last. */
  #hasNews = false;
  #isSummaryDue = false;
  #lastEvent = '';
  #unacknowledged = 0;
  #onAcknowledged: (() => void) | undefined;
  #isPumping = false;
  #isStopped = false;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#cursor = options.cursor;
    this.#unsubscribe = options.hub.subscribe(options.jobId, (news) => this.#hear(news));
  }

  /** The summary that was told last or waits to be told. */
  get summary(): JobSummary | null {
    return this.#summary;
  }

  /** Begins to send, from what the job was when one looked; nothing is sent before. */
  begin(summary: JobSummary): void {
    this.#hasBegun = true;
    // What was heard since is newer.
    this.#hear({ summary: this.#summary ?? summary });
  }

  /** Tells the watcher a summary that only it needs, such as a new place in line. */
  tellSummary(summary: JobSummary): void {
    this.#hear({ summary });
  }

  stop(): void {
    this.#isStopped = true;
    this.#unsubscribe();
    this.#onAcknowledged?.();
  }

  #hear(news: News): void {
    if ('summary' in news) {
      this.#summary = news.summary;
      this.#isSummaryDue = true;
      this.#end = Math.max(this.#end, news.summary.cursor);
    } else {
      const { run } = news;
      this.#hasNews = true;
      this.#end = Math.max(this.#end, run.cursor + run.events.length);
      if (this.#hasBegun && !this.#isPumping && run.cursor === this.#cursor && this.#maySend) {
        this.#send(run);
        this.#tellSummaryWhenDue();
        return;
      }
    }
    if (this.#hasBegun && !this.#isPumping) void this.#pump();
  }

  async #pump(): Promise<void> {
    this.#isPumping = true;
    try {
      while (!this.#isStopped && this.#cursor < this.#end) {
        await this.#ready();
        if (this.#isStopped) return;
        this.#hasNews = false;
        const { jobId, recent, store } = this.#options;
        const run = recent.from(jobId, this.#cursor) ?? (await store.events(jobId, this.#cursor, PAGE_BYTES));
        // Nothing yet: what is on its way to the store will be heard of, if it was not while this was read.
        if (run.events.length === 0 && !this.#hasNews) break;
        this.#send(run);
      }
    } catch (error) {
      if (!this.#isStopped) this.#finish(error);
      return;
    } finally {
      this.#isPumping = false;
    }
    this.#tellSummaryWhenDue();
  }

  /** A summary is told only when all events before it were sent. */
  #tellSummaryWhenDue(): void {
    const { jobId, outlet } = this.#options;
    const summary = this.#summary;
    if (this.#isStopped || !summary || !this.#isSummaryDue || this.#cursor < summary.cursor) return;
    this.#isSummaryDue = false;
    // A job that ended without its drone's word ends for its watchers all the same.
    if (summary.status === 'done' && this.#lastEvent !== 'job:done' && !this.#options.frames)
      outlet.emit(0, 'job:done', jobId, summary.finished);
    outlet.emit(0, 'job:summary', jobId, summary);
    if (summary.status === 'done') this.#finish();
  }

  #finish(error?: unknown): void {
    this.stop();
    this.#options.onEnd(error);
  }

  get #maySend(): boolean {
    return !this.#isStopped && (this.#options.frames ? this.#unacknowledged < WINDOW_BYTES : !this.#options.outlet.isFull);
  }

  async #ready(): Promise<void> {
    if (this.#maySend) return;
    if (!this.#options.frames) {
      await this.#options.outlet.free();
      return;
    }
    await new Promise<void>((resolve) => {
      this.#onAcknowledged = resolve;
    });
  }

  #send(run: EventRun): void {
    const { outlet, jobId, frames } = this.#options;
    this.#cursor = run.cursor + run.events.length;
    this.#lastEvent = run.events.at(-1)?.name ?? this.#lastEvent;
    if (frames) {
      this.#sendFrames(run);
      return;
    }
    for (const event of run.events) outlet.emit(weightOf({ ...run, events: [event] }), event.name, jobId, ...plainArgs(event));
  }

  #sendFrames(run: EventRun): void {
    const { socket, jobId } = this.#options;
    const frames = toFrames(jobId, run);
    const bytes = weightOf(run) / frames.length;
    for (const frame of frames) {
      this.#unacknowledged += bytes;
      socket.emit('job:frame', frame, () => {
        this.#unacknowledged -= bytes;
        if (this.#unacknowledged < WINDOW_BYTES) this.#onAcknowledged?.();
      });
    }
  }
}
