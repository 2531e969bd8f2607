import { rmSync } from 'node:fs';
import type { AssignedJob, HeldAttempt } from '@skep/protocol';
import type { AttemptKey } from '../executor/executorMessages.js';
import { FileSpool } from '../spool/FileSpool.js';
import { listSpools } from '../spool/spoolFiles.js';
import { BuildRun, type BuildRunOptions } from './BuildRun.js';
import { ExecutorPool, type PoolListener, type PoolOptions } from './ExecutorPool.js';
import type { RunListener } from './Run.js';

/** Holds an attempt that an earlier supervisor began. */
export type Adopt = (attempt: Omit<HeldAttempt, 'cursor'>, createRun: (listener: RunListener) => BuildRun, hasEnded: boolean) => void;

const keyOf = ({ id, attempt }: AttemptKey): string => `${id} ${attempt}`;

/** The attempts that executors run, of this supervisor and of the one before it. */
export class BuildRuns implements PoolListener {
  readonly #options: BuildRunOptions;
  readonly #pool: ExecutorPool;
  readonly #spoolDir: string;
  readonly #runs = new Map<string, BuildRun>();

  constructor(options: PoolOptions & { readonly drone: BuildRunOptions['drone'] }) {
    this.#pool = new ExecutorPool(options, this);
    this.#options = { ...options, pool: this.#pool, dataDir: options.folder.path };
    this.#spoolDir = options.folder.spool;
  }

  /** A new one. @throws the system error if its spool cannot be written */
  create(job: AssignedJob, listener: RunListener): BuildRun {
    return this.#keep(BuildRun.create(job, this.#spoolDir, this.#options, this.#forgetting(job, listener)));
  }

  /**
   * Takes over what an earlier supervisor left: what executors still run, what ended and was not confirmed, and what was
   * in the middle when its executor died too. What had not begun is dropped: the queen gives it to somebody else.
   */
  async adopt(adopt: Adopt): Promise<void> {
    const { late } = await this.#pool.adopt();
    for (const path of listSpools(this.#spoolDir)) {
      const spool = FileSpool.open(path);
      if (!spool) rmSync(path, { force: true });
      else if (!late && !this.#pool.runs(spool.header) && spool.count() <= 1) spool.drop();
      else
        adopt(
          spool.header,
          (listener) => this.#keep(BuildRun.adopt(spool, this.#options, this.#forgetting(spool.header, listener))),
          spool.hasEnd(),
        );
    }
    if (late) void late.then(() => this.#settle());
    else this.#settle();
  }

  /** Starts the first executor, so that the first job does not wait for it. */
  warm(): void {
    this.#pool.warm();
  }

  /** Whether the drone is about to leave. */
  setDraining(isDraining: boolean): void {
    this.#pool.setDraining(isDraining);
  }

  /** Lets the executors go on without us. */
  release(): void {
    this.#pool.release();
    for (const run of this.#runs.values()) run.release();
  }

  /** Lets the executors end what they run without us, and leave then. */
  dismiss(): void {
    this.#pool.dismiss();
    this.release();
  }

  /** Lets all executors leave, and settles when they have. */
  retire(): Promise<void> {
    return this.#pool.retire();
  }

  spooled(key: AttemptKey): void {
    this.#runs.get(keyOf(key))?.spooled();
  }

  ended(key: AttemptKey): void {
    this.#runs.get(keyOf(key))?.ended();
  }

  died(key: AttemptKey, pid: number, how: string): void {
    this.#runs.get(keyOf(key))?.died(pid, how);
  }

  /** Each executor that lives has said what it runs. */
  #settle(): void {
    for (const run of this.#runs.values()) run.settle();
    for (const key of this.#pool.running)
      if (!this.#runs.has(keyOf(key))) this.#pool.cancel(key, { code: 'lease-ended', message: 'Its spool is gone' });
  }

  #keep(run: BuildRun): BuildRun {
    this.#runs.set(keyOf(run.spool.header), run);
    return run;
  }

  #forgetting(key: AttemptKey, listener: RunListener): RunListener {
    const forgetting = (tell: (() => void) | undefined) => (): void => {
      this.#runs.delete(keyOf(key));
      tell?.();
    };
    return { grown: listener.grown, ended: forgetting(listener.ended), broken: forgetting(listener.broken) };
  }
}
