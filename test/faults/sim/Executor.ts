import { type AssignedJob, type AttemptEvent, JOB_TIMEOUT_S } from '@skep/protocol';
import type { AbortReason } from '../../../packages/drone/src/executor/AttemptContext.js';
import type { Chance } from './Chance.js';
import { script } from './script.js';
import type { VirtualTime } from './VirtualTime.js';

/** What an executor writes to. */
export interface Sink {
  said(event: AttemptEvent): void;
  /** Nothing of the attempt runs any more. */
  ended(): void;
}

/** How long an aborted attempt may take to end, in ms: mostly a moment, now and then its grace, or longer than the queen waits. */
const graceMs = (chance: Chance): number => chance.next() * chance.pick([100, 100, 100, 100, 20_000, 20_000, 300_000]);

/** Runs an attempt in virtual time, as an executor process does with a real one. */
export class Executor {
  readonly #steps: ReturnType<typeof script>;
  #cancelStep: (() => void) | undefined;
  #cancelTimeout: (() => void) | undefined;
  #reason: AbortReason | undefined;
  #isOver = false;

  constructor(
    job: AssignedJob,
    private readonly time: VirtualTime,
    private readonly chance: Chance,
    private readonly queenNow: () => number,
    private readonly sink: Sink,
  ) {
    this.#steps = script(job, chance, queenNow);
    const seconds = job.timeout?.job ?? JOB_TIMEOUT_S;
    this.#cancelTimeout = time.after(seconds * 1000, () => this.abort({ code: 'timed-out', message: `no end after ${seconds} s` }));
    this.#next();
  }

  abort(reason: AbortReason): void {
    if (this.#isOver || this.#reason) return;
    this.#reason = reason;
    this.#cancelStep?.();
    this.#cancelStep = this.time.after(graceMs(this.chance), () => {
      this.sink.said({ name: 'job:errored', args: [reason, this.queenNow()] });
      this.sink.said({ name: 'job:done', args: [this.queenNow()] });
      this.#end();
    });
  }

  /** Gone between two events. */
  kill(): void {
    this.#isOver = true;
    this.#cancelStep?.();
    this.#cancelTimeout?.();
  }

  #next(): void {
    const { value, done } = this.#steps.next();
    if (done || !value) {
      this.#end();
      return;
    }
    this.#cancelStep = this.time.after(value.waitMs, () => {
      for (const event of value.events) this.sink.said(event);
      this.#next();
    });
  }

  #end(): void {
    this.kill();
    this.sink.ended();
  }
}
