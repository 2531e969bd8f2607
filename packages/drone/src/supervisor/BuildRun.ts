import { type AssignedJob, isTask, JOB_TIMEOUT_S } from '@skep/protocol';
import type { Logger } from 'pino';
import type { AbortReason } from '../executor/AttemptContext.js';
import type { AttemptKey, RunOrder } from '../executor/executorMessages.js';
import { FileSpool } from '../spool/FileSpool.js';
import { SpoolWriter } from '../spool/SpoolWriter.js';
import { spoolPath } from '../spool/spoolFiles.js';
import type { Clock } from './Clock.js';
import { closeSpool } from './closeSpool.js';
import type { ExecutorPool } from './ExecutorPool.js';
import { killLeftovers } from './killLeftovers.js';
import type { Run, RunListener } from './Run.js';

/** After a cancel a command has its grace, then `cleanup` and its commands have theirs; who needs more than this does not end at all. */
const GRACES = 5;
const MARGIN_MS = 10_000;
/** A task has nothing to clean up; its executor ends it after one grace, unless its event loop stands still. */
const TASK_MARGIN_MS = 2_000;
/** The longest that a `cleanup` may take. */
const CLEANUP_MS = 5 * 60_000;
/** How many executors may die before the attempt has begun until it is given up. */
const MAX_STARTS = 3;
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const leftBehind = { code: 'executor-died', message: 'The executor and its supervisor ended in the middle of the attempt' };

export interface BuildRunOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly pool: ExecutorPool;
  readonly dataDir: string;
  readonly drone: RunOrder['drone'];
}

/** An attempt that an executor process runs; its spool is a file and outlives us. */
export class BuildRun implements Run {
  readonly #options: BuildRunOptions;
  readonly #listener: RunListener;
  readonly #key: AttemptKey;
  #reason: AbortReason | undefined;
  #isOver = false;
  #isFinishing = false;
  #starts = 0;
  /** Whether an earlier supervisor began it, and it is not known yet who runs it now. */
  #isUnclaimed = false;
  #cancelKill: (() => void) | undefined;

  private constructor(
    readonly spool: FileSpool,
    readonly job: AssignedJob | undefined,
    readonly received: number,
    options: BuildRunOptions,
    listener: RunListener,
  ) {
    this.#options = options;
    this.#listener = listener;
    this.#key = { id: spool.header.id, attempt: spool.header.attempt };
  }

  /** A new one. @throws the system error if its spool cannot be written */
  static create(job: AssignedJob, spoolDir: string, options: BuildRunOptions, listener: RunListener): BuildRun {
    const { id, attempt, lease, assigned } = job;
    const path = spoolPath(spoolDir, id, attempt);
    const limitMs = Math.min(LONGEST_TIMER_MS, (job.timeout?.job ?? JOB_TIMEOUT_S) * 1000 + (isTask(job) ? 0 : CLEANUP_MS));
    const writer = SpoolWriter.create(path, { id, attempt, lease, assigned, received: Date.now(), limitMs });
    try {
      writer.append(0, { name: 'job:queued', args: [assigned] });
    } finally {
      writer.close();
    }
    const spool = FileSpool.open(path);
    if (!spool) throw new Error(`${path} has no header`);
    return new BuildRun(spool, job, options.clock.now(), options, listener);
  }

  /** One that an earlier supervisor began: it has its end in the spool, or is to be settled. */
  static adopt(spool: FileSpool, options: BuildRunOptions, listener: RunListener): BuildRun {
    const run = new BuildRun(spool, undefined, 0, options, listener);
    run.#isUnclaimed = !spool.hasEnd();
    return run;
  }

  /** It is known by now which executors there are: one of them has it, or it ended in its middle. */
  settle(): void {
    if (this.#isOver || !this.#isUnclaimed) return;
    this.#isUnclaimed = false;
    const reason = this.#reason;
    if (!this.#options.pool.runs(this.#key)) void this.#finish(reason ?? leftBehind, { executorPid: undefined });
    else if (reason) this.#stop(reason);
    else this.#killAfter(this.#limitMs);
  }

  start(): void {
    const { job } = this;
    // One that was ended while it waited gets its end without an executor.
    if (!job || this.#reason) return;
    this.#starts += 1;
    const { pool, clock, drone } = this.#options;
    const order = (): RunOrder => ({ job, spoolPath: this.spool.path, elapsedMs: clock.now() - this.received, drone });
    pool.run({ ...this.#key, order });
    this.#killAfter(this.#limitMs);
  }

  abort(reason: AbortReason): void {
    if (this.#isOver || this.#reason) return;
    this.#reason = reason;
    if (!this.#isUnclaimed) this.#stop(reason);
  }

  /** The executor goes on without us. */
  release(): void {
    this.#isOver = true;
    this.#cancelKill?.();
  }

  /** The executor has written more. */
  spooled(): void {
    this.#listener.grown();
  }

  /** The executor has written all of it. */
  ended(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelKill?.();
    this.#listener.ended();
  }

  /**
   * The executor is gone. An attempt that had not begun is given to another; else what it left is killed, and the spool
   * gets the end that the executor could not write.
   */
  died(pid: number, how: string): void {
    if (this.#isOver || this.#isUnclaimed) return;
    if (pid > 0 && this.job && !this.#reason && this.#starts < MAX_STARTS && this.spool.count() <= 1) {
      this.start();
      return;
    }
    const message = pid > 0 ? `The executor ended ${how} in the middle of the attempt` : `No executor could be started: ${how}`;
    const reason = this.#reason ?? { code: 'executor-died', message };
    void this.#finish(reason, pid > 0 ? { executorPid: pid } : undefined);
  }

  /** The executor itself ends an attempt that takes too long. One that is frozen does not: then we end the executor. */
  get #limitMs(): number {
    return (this.spool.header.limitMs ?? LONGEST_TIMER_MS) + this.#stopMs;
  }

  get #stopMs(): number {
    const { graceMs } = this.#options.drone;
    return this.job && isTask(this.job) ? graceMs + TASK_MARGIN_MS : GRACES * graceMs + MARGIN_MS;
  }

  #killAfter(ms: number): void {
    const { pool, clock } = this.#options;
    this.#cancelKill?.();
    this.#cancelKill = clock.setTimeout(
      () => {
        this.#reason ??= { code: 'timed-out', message: 'no end in time, and its executor did not end it' };
        pool.kill(this.#key);
      },
      Math.min(LONGEST_TIMER_MS, ms),
    );
  }

  #stop(reason: AbortReason): void {
    if (this.#options.pool.cancel(this.#key, reason)) this.#killAfter(this.#stopMs);
    else void this.#finish(reason);
  }

  /** Gives the spool the end that no executor writes any more; what a dead one left is ended first. */
  async #finish(reason: AbortReason, left?: { executorPid: number | undefined }): Promise<void> {
    if (this.#isFinishing) return;
    this.#isFinishing = true;
    this.#cancelKill?.();
    try {
      if (left) await killLeftovers(this.spool.header, left.executorPid, this.#options);
      await closeSpool(this.spool.path, reason);
    } catch (error) {
      this.#options.log.error({ error: (error as Error).message, spool: this.spool.path }, 'a spool could not be ended');
      this.#isOver = true;
      this.#listener.broken?.();
    }
    this.ended();
  }
}
