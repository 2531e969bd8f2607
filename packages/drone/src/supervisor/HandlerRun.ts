import { type AssignedJob, type AttemptEvent, CHUNK_BYTES, JOB_TIMEOUT_S, jobTypeOf, SILENCE_TIMEOUT_S, type Stream } from '@skep/protocol';
import type { Logger } from 'pino';
import type { AbortReason } from '../executor/AttemptContext.js';
import type { Chunk } from '../output/OutputCutter.js';
import { OutputLimit } from '../output/OutputLimit.js';
import { outputEvents } from '../output/outputEvents.js';
import { MemorySpool } from '../spool/MemorySpool.js';
import type { HandlerContext } from '../tasks/defineHandler.js';
import type { HandlerSet } from '../tasks/HandlerSet.js';
import { asTask, type TaskOwner } from '../tasks/owner.js';
import { ProgressGate } from '../tasks/ProgressGate.js';
import { stackOf, thrownWords, toTaskError } from '../tasks/TaskError.js';
import { TaskFolder } from '../tasks/TaskFolder.js';
import type { Clock } from './Clock.js';
import type { Deadlines } from './Deadlines.js';
import type { Run, RunListener } from './Run.js';

export interface HandlerRunOptions {
  readonly handlers: HandlerSet;
  /** Aborted when the drone is about to leave. */
  readonly draining: AbortSignal;
  /** The drone's data folder. */
  readonly dataDir: string;
  readonly log: Logger;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  /** Milliseconds that a handler may take to end after its signal. */
  readonly graceMs: number;
  /** Bytes of output that an attempt may tell; of more than that, head and tail are kept. */
  readonly maxOutput: number;
}

/**
 * An attempt that a handler performs in this very process. A handler can only be asked to stop: when the job is cancelled,
 * has taken longer than `timeout.job`, or has neither logged nor made progress for `timeout.silence`, its signal is aborted,
 * and after the grace the job goes on without it. One that never gives the event loop back keeps the drone from noticing
 * anything.
 */
export class HandlerRun implements Run, HandlerContext, TaskOwner {
  readonly spool = new MemorySpool();
  readonly id: string;
  readonly attempt: number;
  // Arrow functions, because handlers take their context apart.
  readonly progress = (value: unknown): void => this.#progress(value);
  readonly log = (text: string): void => this.#log('stdout', text);
  readonly folder = (): Promise<string> => this.#folder.path();
  /** When it logged or made progress last, by the clock. */
  heardAt: number;
  readonly #job: AssignedJob;
  readonly #options: HandlerRunOptions;
  readonly #clock: Clock;
  readonly #folder: TaskFolder;
  readonly #listener: RunListener;
  readonly #received: number;
  #limit: OutputLimit | undefined;
  #gate: ProgressGate | undefined;
  #abort: AbortController | undefined;
  #draining: AbortSignal | undefined;
  #reason: AbortReason | undefined;
  #cancelGrace: (() => void) | undefined;
  #isRunning = false;

  constructor(job: AssignedJob, options: HandlerRunOptions, listener: RunListener) {
    this.id = job.id;
    this.attempt = job.attempt;
    this.#job = job;
    this.#options = options;
    this.#clock = options.clock;
    this.#folder = new TaskFolder(options.dataDir, job);
    this.#listener = listener;
    this.#received = this.#clock.now();
    this.heardAt = this.#received;
    this.#emit({ name: 'job:queued', args: [this.#now()] });
  }

  /** Made only for those who ask: most tasks are over before anybody could cancel them. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#reason && !this.#abort.signal.aborted) this.#abort.abort(this.#reason);
    return this.#abort.signal;
  }

  /** Derived for those who ask, so that what listens to it goes with the task. */
  get draining(): AbortSignal {
    this.#draining ??= AbortSignal.any([this.#options.draining]);
    return this.#draining;
  }

  start(): void {
    if (this.spool.ended) return;
    this.#isRunning = true;
    const { job = JOB_TIMEOUT_S, silence = SILENCE_TIMEOUT_S } = this.#job.timeout ?? {};
    this.heardAt = this.#clock.now();
    this.#options.deadlines.add(this, { job, silence });
    this.#emit({ name: 'job:started', args: [this.#now()] });
    void this.#perform();
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
    this.#cancelGrace = this.#clock.setTimeout(() => this.#fail(reason), this.#options.graceMs);
  }

  leftRejected(reason: unknown): void {
    const words = `a promise that nobody awaited was rejected: ${thrownWords(reason)}`;
    if (this.spool.ended) this.#options.log.warn({ job: this.id }, words);
    else this.#log('stderr', `[skep] ${words}\n`);
  }

  #progress(value: unknown): void {
    this.#gate ??= new ProgressGate((plain) => this.#report([{ name: 'job:progress', args: [plain] }]));
    if (!this.spool.ended) this.#gate.report(value);
  }

  #log(stream: Stream, text: string): void {
    this.#limit ??= new OutputLimit(this.#options.maxOutput);
    const limit = this.#limit;
    this.#report(outputEvents(chunksOf(stream, String(text)).flatMap((chunk) => limit.pass(chunk))));
  }

  #report(events: AttemptEvent[]): void {
    if (this.spool.ended) return;
    this.heardAt = this.#clock.now();
    for (const event of events) this.#emit(event);
    this.#listener.grown();
  }

  async #perform(): Promise<void> {
    try {
      const { handlers } = this.#options;
      const result = await asTask(this, () => handlers.perform(jobTypeOf(this.#job), this, this.#job.data));
      if (this.spool.ended) return;
      if (this.#reason) return this.#fail(this.#reason);
      this.#tellRest();
      this.#emit({ name: 'job:result', args: [result] });
    } catch (thrown) {
      if (this.spool.ended) return;
      const error = toTaskError(thrown);
      const stack = error.code === 'handler-failed' && !this.#reason ? stackOf(error) : '';
      if (stack) this.#tellStack(stack);
      return this.#fail(this.#reason ?? { code: error.code, message: error.message });
    }
    this.#end();
  }

  #tellStack(stack: string): void {
    try {
      this.#log('stderr', stack);
    } catch {
      // So much waits for the queen that no output is taken any more; the end of the attempt still is.
    }
  }

  #fail({ code, message }: AbortReason): void {
    if (this.spool.ended) return;
    this.#tellRest();
    this.#emit({ name: 'job:errored', args: [{ code: code.slice(0, 100), message: message.slice(0, CHUNK_BYTES) }, this.#now()] });
    this.#end();
  }

  #end(): void {
    this.#cancelGrace?.();
    this.#options.deadlines.delete(this);
    void this.#folder.remove();
    this.#emit({ name: 'job:done', args: [this.#now()] });
    this.spool.end();
    this.#listener.ended();
  }

  /** What was held back of progress and output. */
  #tellRest(): void {
    const tail = this.#limit?.end() ?? [];
    this.#limit = undefined;
    try {
      this.#gate?.flush();
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

/** The text in pieces that a chunk can hold, cut between characters. */
function chunksOf(stream: Stream, text: string): Chunk[] {
  const bytes = Buffer.from(text);
  const chunks: Chunk[] = [];
  for (let from = 0; from < bytes.length; ) {
    let to = Math.min(from + CHUNK_BYTES, bytes.length);
    // Bytes that go on with a character begin with the bits 10.
    while (to < bytes.length && ((bytes[to] ?? 0) & 0xc0) === 0x80) to -= 1;
    chunks.push({ stream, bytes: bytes.subarray(from, to) });
    from = to;
  }
  return chunks;
}
