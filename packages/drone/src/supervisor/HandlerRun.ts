import { type AssignedJob, type AttemptEvent, CHUNK_BYTES, JOB_TIMEOUT_S, jobTypeOf } from '@skep/protocol';
import type { AbortReason } from '../executor/AttemptContext.js';
import { MemorySpool } from '../spool/MemorySpool.js';
import type { Clock } from './Clock.js';
import type { Deadlines } from './Deadlines.js';
import type { Run, RunListener } from './Run.js';

/** What a handler knows of its attempt. */
export interface HandlerContext {
  readonly id: string;
  readonly attempt: number;
  /** Aborted when the job is cancelled or its time is over; its reason is `{code, message}`. */
  readonly signal: AbortSignal;
  /** Says how far the task has come, as any JSON value. */
  progress(value: unknown): void;
  /** Writes to the output of the job. */
  log(text: string): void;
}

/** Performs a task: is given its `data` and returns its result, both JSON values. What it throws is the task's error. */
export type Handler = (context: HandlerContext, data: unknown) => unknown;

export interface HandlerRunOptions {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  /** Milliseconds that a handler may take to end after its signal. */
  readonly graceMs: number;
}

/** An attempt that a handler performs in this very process. */
export class HandlerRun implements Run, HandlerContext {
  readonly spool = new MemorySpool();
  readonly id: string;
  readonly attempt: number;
  // Arrow functions, because handlers take their context apart.
  readonly progress = (value: unknown): void => this.#report([{ name: 'job:progress', args: [value] }]);
  readonly log = (text: string): void => this.#report(chunksOf(text).map((chunk) => ({ name: 'job:stdout', args: [chunk] })));
  readonly #job: AssignedJob;
  readonly #handler: Handler | undefined;
  readonly #clock: Clock;
  readonly #deadlines: Deadlines;
  readonly #graceMs: number;
  readonly #listener: RunListener;
  readonly #received: number;
  #abort: AbortController | undefined;
  #reason: AbortReason | undefined;
  #cancelGrace: (() => void) | undefined;
  #isRunning = false;

  constructor(job: AssignedJob, handler: Handler | undefined, { clock, deadlines, graceMs }: HandlerRunOptions, listener: RunListener) {
    this.id = job.id;
    this.attempt = job.attempt;
    this.#job = job;
    this.#handler = handler;
    this.#clock = clock;
    this.#deadlines = deadlines;
    this.#graceMs = graceMs;
    this.#listener = listener;
    this.#received = clock.now();
    this.#emit({ name: 'job:queued', args: [this.#now()] });
  }

  /** Made only for those who ask: most tasks are over before anybody could cancel them. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#reason && !this.#abort.signal.aborted) this.#abort.abort(this.#reason);
    return this.#abort.signal;
  }

  start(): void {
    if (this.spool.ended) return;
    if (!this.#handler) {
      this.#fail({ code: 'unknown-handler', message: `This drone has no handler ${jobTypeOf(this.#job)}` });
      return;
    }
    this.#isRunning = true;
    this.#deadlines.add(this, this.#job.timeout?.job ?? JOB_TIMEOUT_S);
    this.#emit({ name: 'job:started', args: [this.#now()] });
    void this.#perform(this.#handler);
  }

  abort(reason: AbortReason): void {
    if (this.spool.ended || this.#reason) return;
    this.#reason = reason;
    if (!this.#isRunning) {
      this.#fail(reason);
      return;
    }
    this.#abort?.abort(reason);
    // A handler cannot be killed; the job does not wait for one that does not listen.
    this.#cancelGrace = this.#clock.setTimeout(() => this.#fail(reason), this.#graceMs);
  }

  #report(events: AttemptEvent[]): void {
    if (this.spool.ended) return;
    for (const event of events) this.#emit(event);
    this.#listener.grown();
  }

  async #perform(handler: Handler): Promise<void> {
    try {
      const result = await handler(this, this.#job.data);
      if (this.spool.ended) return;
      if (this.#reason) return this.#fail(this.#reason);
      this.#emit({ name: 'job:result', args: [result ?? null] });
    } catch (error) {
      return this.#fail(this.#reason ?? { code: 'handler-failed', message: error instanceof Error ? error.message : String(error) });
    }
    this.#end();
  }

  #fail({ code, message }: AbortReason): void {
    if (this.spool.ended) return;
    this.#emit({ name: 'job:errored', args: [{ code, message: message.slice(0, CHUNK_BYTES) }, this.#now()] });
    this.#end();
  }

  #end(): void {
    this.#cancelGrace?.();
    this.#deadlines.delete(this);
    this.#emit({ name: 'job:done', args: [this.#now()] });
    this.spool.end();
    this.#listener.ended();
  }

  #emit(event: AttemptEvent): void {
    this.spool.append(this.#offsetMs(), event);
  }

  #offsetMs(): number {
    return Math.round(this.#clock.now() - this.#received);
  }

  #now(): number {
    return this.#job.assigned + this.#offsetMs();
  }
}

/** The text in pieces that a chunk can hold, cut between characters. */
function chunksOf(text: string): Uint8Array[] {
  const bytes = Buffer.from(text);
  const chunks: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; ) {
    let to = Math.min(from + CHUNK_BYTES, bytes.length);
    // Bytes that go on with a character begin with the bits 10.
    while (to < bytes.length && ((bytes[to] ?? 0) & 0xc0) === 0x80) to -= 1;
    chunks.push(bytes.subarray(from, to));
    from = to;
  }
  return chunks;
}
