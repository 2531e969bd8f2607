import { type AssignedJob, type AttemptEvent, CHUNK_BYTES, JOB_TIMEOUT_S, jobTypeOf, SILENCE_TIMEOUT_S } from '@skep/protocol';
import type { AbortReason } from '../executor/AttemptContext.js';
import type { Chunk } from '../output/OutputCutter.js';
import { OutputLimit } from '../output/OutputLimit.js';
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

/**
 * Performs a task: is given its `data` and returns its result, both JSON values. What it throws is the task's error.
 *
 * It runs in the drone's own process and can only be asked to stop: when the job is cancelled, has taken longer than
 * `timeout.job`, or has neither logged nor made progress for `timeout.silence`, its signal is aborted, and after the
 * grace the job goes on without it. A handler that never gives the event loop back keeps the drone from noticing anything.
 */
export type Handler = (context: HandlerContext, data: unknown) => unknown;

export interface HandlerRunOptions {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  /** Milliseconds that a handler may take to end after its signal. */
  readonly graceMs: number;
  /** Bytes of output that an attempt may tell; of more than that, head and tail are kept. */
  readonly maxOutput: number;
}

/** An attempt that a handler performs in this very process. */
export class HandlerRun implements Run, HandlerContext {
  readonly spool = new MemorySpool();
  readonly id: string;
  readonly attempt: number;
  // Arrow functions, because handlers take their context apart.
  readonly progress = (value: unknown): void => this.#report([{ name: 'job:progress', args: [value] }]);
  readonly log = (text: string): void => this.#log(text);
  /** When it logged or made progress last, by the clock. */
  heardAt: number;
  readonly #job: AssignedJob;
  readonly #handler: Handler | undefined;
  readonly #clock: Clock;
  readonly #deadlines: Deadlines;
  readonly #graceMs: number;
  readonly #maxOutput: number;
  readonly #listener: RunListener;
  readonly #received: number;
  #limit: OutputLimit | undefined;
  #abort: AbortController | undefined;
  #reason: AbortReason | undefined;
  #cancelGrace: (() => void) | undefined;
  #isRunning = false;

  constructor(
    job: AssignedJob,
    handler: Handler | undefined,
    { clock, deadlines, graceMs, maxOutput }: HandlerRunOptions,
    listener: RunListener,
  ) {
    this.id = job.id;
    this.attempt = job.attempt;
    this.#job = job;
    this.#handler = handler;
    this.#clock = clock;
    this.#deadlines = deadlines;
    this.#graceMs = graceMs;
    this.#maxOutput = maxOutput;
    this.#listener = listener;
    this.#received = clock.now();
    this.heardAt = this.#received;
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
    const { job = JOB_TIMEOUT_S, silence = SILENCE_TIMEOUT_S } = this.#job.timeout ?? {};
    this.heardAt = this.#clock.now();
    this.#deadlines.add(this, { job, silence });
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

  #log(text: string): void {
    this.#limit ??= new OutputLimit(this.#maxOutput);
    const limit = this.#limit;
    this.#report(outputEvents(chunksOf(text).flatMap((chunk) => limit.pass(chunk))));
  }

  #report(events: AttemptEvent[]): void {
    if (this.spool.ended) return;
    this.heardAt = this.#clock.now();
    for (const event of events) this.#emit(event);
    this.#listener.grown();
  }

  async #perform(handler: Handler): Promise<void> {
    try {
      const result = await handler(this, this.#job.data);
      if (this.spool.ended) return;
      if (this.#reason) return this.#fail(this.#reason);
      this.#tellTail();
      this.#emit({ name: 'job:result', args: [result ?? null] });
    } catch (error) {
      return this.#fail(this.#reason ?? { code: 'handler-failed', message: error instanceof Error ? error.message : String(error) });
    }
    this.#end();
  }

  #fail({ code, message }: AbortReason): void {
    if (this.spool.ended) return;
    this.#tellTail();
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

  /** What the limit has held back. */
  #tellTail(): void {
    const tail = this.#limit?.end() ?? [];
    this.#limit = undefined;
    try {
      for (const event of outputEvents(tail)) this.#emit(event);
    } catch {
      // So much waits for the queen that no output is taken any more; the end of the attempt still is.
    }
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

const outputEvents = (chunks: readonly Chunk[]): AttemptEvent[] =>
  chunks.map(({ stream, bytes }) => ({ name: `job:${stream}`, args: [bytes as Uint8Array<ArrayBuffer>] }));

/** The text in pieces that a chunk can hold, cut between characters. */
function chunksOf(text: string): Chunk[] {
  const bytes = Buffer.from(text);
  const chunks: Chunk[] = [];
  for (let from = 0; from < bytes.length; ) {
    let to = Math.min(from + CHUNK_BYTES, bytes.length);
    // Bytes that go on with a character begin with the bits 10.
    while (to < bytes.length && ((bytes[to] ?? 0) & 0xc0) === 0x80) to -= 1;
    chunks.push({ stream: 'stdout', bytes: bytes.subarray(from, to) });
    from = to;
  }
  return chunks;
}
