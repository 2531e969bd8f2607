import type { AssignedJob } from '@skep/protocol';
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
    const writer = SpoolWriter.create(path, { id, attempt, lease, assigned, received: Date.now() });
    try {
      writer.append(0, { name: 'job:queued', args: [assigned] });
    } finally {
      writer.close();
    }
    const spool = FileSpool.open(path);
    if (!spool) throw new Error(`${path} has no header`);
    return new BuildRun(spool, job, options.clock.now(), options, listener);
  }

  /** One that an earlier supervisor began, and that still runs in an executor or has its end in the spool. */
  static adopt(spool: FileSpool, options: BuildRunOptions, listener: RunListener): BuildRun {
    return new BuildRun(spool, undefined, 0, options, listener);
  }

  start(): void {
    const { job } = this;
    if (!job) return;
    const { pool, clock, drone } = this.#options;
    const order = (): RunOrder => ({ job, spoolPath: this.spool.path, elapsedMs: clock.now() - this.received, drone });
    pool.run({ ...this.#key, order });
  }

  abort(reason: AbortReason): void {
    if (this.#isOver || this.#reason) return;
    this.#reason = reason;
    const { pool, clock, drone } = this.#options;
    if (!pool.cancel(this.#key, reason)) return void this.#close(reason);
    this.#cancelKill = clock.setTimeout(() => pool.kill(this.#key), GRACES * drone.graceMs + MARGIN_MS);
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

  /** The executor is gone: what it left is killed, and the spool gets the end that it could not write. */
  async died(pid: number, how: string): Promise<void> {
    if (pid > 0) await killLeftovers(this.spool.header, pid, this.#options);
    const message = pid > 0 ? `The executor ended ${how} in the middle of the attempt` : `No executor could be started: ${how}`;
    await this.#close(this.#reason ?? { code: 'executor-died', message });
  }

  async #close(reason: AbortReason): Promise<void> {
    try {
      await closeSpool(this.spool.path, reason);
    } catch (error) {
      this.#options.log.error({ error: (error as Error).message, spool: this.spool.path }, 'a spool could not be ended');
    }
    this.ended();
  }
}
