import { randomBytes } from 'node:crypto';
import { closeSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from '@skep/pool';
import type { Logger } from 'pino';
import { type DataFolder, socketPath } from '../dataFolder.js';
import type { AbortReason } from '../executor/AttemptContext.js';
import type { AttemptKey, RunOrder } from '../executor/executorMessages.js';
import type { Clock } from './Clock.js';
import { Executor, type ExecutorListener } from './Executor.js';
import { openExecutorLog } from './executorLog.js';
import type { ExecutorLimits } from './wornBy.js';

/** How often idle executors are looked after. */
const TEND_MS = 60_000;
/** How long those of an earlier supervisor are waited for before the rest begins; one that is slower is taken over later. */
const PROMPT_MS = 1_000;
/** How long leaving executors are waited for. */
const RETIRE_MS = 5_000;

/** An attempt that wants an executor. */
export interface Waiting extends AttemptKey {
  /** Made when an executor takes it: it says how long that took. */
  order(): RunOrder;
}

export interface PoolListener {
  spooled(key: AttemptKey): void;
  ended(key: AttemptKey): void;
  /** The executor is gone before the end of its attempt; 0 if there never was one. */
  died(key: AttemptKey, pid: number, how: string): void;
}

export interface PoolOptions {
  readonly folder: DataFolder;
  readonly entry: string;
  readonly capacity: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly executorLimits: ExecutorLimits;
}

const sameKey = (a: AttemptKey, b: AttemptKey): boolean => a.id === b.id && a.attempt === b.attempt;

/**
 * The warm executors: one more than are busy, at most as many as the drone has slots. The pool sees to it that there are
 * so many and that they are fresh; this gives them their attempts, and takes over those of an earlier supervisor.
 */
export class ExecutorPool implements ExecutorListener {
  readonly #options: PoolOptions;
  readonly #listener: PoolListener;
  readonly #pool: Pool<Executor>;
  readonly #waiting: Waiting[] = [];
  #isDraining = false;

  constructor(options: PoolOptions, listener: PoolListener) {
    this.#options = options;
    this.#listener = listener;
    const { log, clock } = options;
    this.#pool = new Pool({
      kind: { start: () => this.#start(), wanted: () => this.#wanted() },
      tendMs: TEND_MS,
      after: (call, ms) => clock.setTimeout(call, ms),
      listener: {
        joined: () => this.#assign(),
        replaced: ({ pid }, why) => log.info({ pid, why }, 'an executor is replaced'),
        didNotStart: ({ message }) => log.error({ error: message }, 'an executor did not start'),
        failing: (failing) => log.warn(failing, 'executors die young; waiting before the next is started'),
        isHopeless: (how) => {
          for (const key of this.#waiting.splice(0)) listener.died(key, 0, how);
        },
      },
    });
  }

  /**
   * Takes over the executors that an earlier supervisor left.
   * @returns `late` settles when each of them is taken over or dead; it is not there if they are already
   */
  async adopt(): Promise<{ late?: Promise<void> }> {
    const { run } = this.#options.folder;
    const names = readdirSync(run).filter((name) => name.endsWith('.sock') && name !== 'supervisor.sock');
    let areLate = true;
    const all = Promise.all(names.map((name) => this.#adopt(join(run, name)))).then(() => {
      areLate = false;
    });
    await orAfter(all, PROMPT_MS);
    return areLate ? { late: all } : {};
  }

  /** What executors are running now. */
  get running(): AttemptKey[] {
    return [...this.#pool.members].flatMap(({ running }) => running ?? []);
  }

  /** Whether an executor runs this attempt. */
  runs(key: AttemptKey): boolean {
    return this.#executorOf(key) !== undefined;
  }

  /** Starts as many as shall be warm. */
  warm(): void {
    this.#pool.fill();
  }

  /** Gives the attempt to an idle executor, at once or as soon as there is one. */
  run(waiting: Waiting): void {
    this.#waiting.push(waiting);
    this.#assign();
  }

  /** Ends an attempt. @returns false if no executor has it: it waits no more, and nobody will tell of it */
  cancel(key: AttemptKey, reason: AbortReason): boolean {
    const executor = this.#executorOf(key);
    executor?.cancel(reason);
    const at = this.#waiting.findIndex((each) => sameKey(each, key));
    if (at >= 0) this.#waiting.splice(at, 1);
    return executor !== undefined;
  }

  /** Kills the executor that has this attempt: it did not end when it was asked to. */
  kill(key: AttemptKey): void {
    this.#executorOf(key)?.kill();
  }

  /** Whether the drone is about to leave, which tasks that run and those that begin are told. */
  setDraining(isDraining: boolean): void {
    this.#isDraining = isDraining;
    if (isDraining) for (const executor of this.#pool.members) executor.tellDraining();
  }

  /** Lets all go on without us. */
  release(): void {
    for (const executor of this.#pool.release()) executor.release();
  }

  /** Lets all leave as soon as they are idle, without us. */
  dismiss(): void {
    for (const executor of this.#pool.members) executor.retire();
    this.release();
  }

  /** Lets all leave as soon as they are idle, and settles when they have. */
  async retire(): Promise<void> {
    // Who is busy is told already now, in case that it takes longer than we are there.
    for (const executor of this.#pool.members) if (executor.running) executor.retire();
    await orAfter(this.#pool.drain(), RETIRE_MS);
    this.release();
  }

  spooled(key: AttemptKey): void {
    this.#listener.spooled(key);
  }

  ended(executor: Executor, key: AttemptKey): void {
    this.#listener.ended(key);
    this.#pool.served(executor);
    this.#assign();
  }

  gone(executor: Executor, how: string): void {
    const { running, pid } = executor;
    if (this.#pool.isOpen || running) this.#options.log.warn({ pid, running, how }, 'an executor died');
    if (running) this.#listener.died(running, pid, how);
    this.#pool.died(executor, how);
  }

  #wanted(): number {
    const busy = [...this.#pool.members].filter(({ running }) => running).length;
    return Math.min(this.#options.capacity, busy + this.#waiting.length + 1);
  }

  #executorOf(key: AttemptKey): Executor | undefined {
    for (const executor of this.#pool.members) if (executor.running && sameKey(executor.running, key)) return executor;
    return undefined;
  }

  async #adopt(path: string): Promise<void> {
    const executor = await Executor.adopt(path, this.#options.executorLimits, this);
    if (!executor) return;
    if (!this.#pool.isOpen) return executor.release();
    if (!executor.running && executor.worn !== undefined) return void executor.leave();
    this.#pool.add(executor);
    this.#options.log.info({ pid: executor.pid, running: executor.running }, 'executor taken over');
  }

  #assign(): void {
    if (this.#pool.isOpen)
      for (const executor of this.#pool.members) {
        if (this.#waiting.length === 0) break;
        if (!executor.isFree) continue;
        executor.run((this.#waiting.shift() as Waiting).order());
        if (this.#isDraining) executor.tellDraining();
      }
    this.#pool.fill();
  }

  async #start(): Promise<Executor> {
    const { folder, entry, executorLimits: limits } = this.#options;
    const id = `x${randomBytes(2).toString('hex')}`;
    const log = openExecutorLog(folder);
    try {
      const place = { dataDir: folder.path, socketPath: (name: string) => socketPath(folder, name) };
      return await Executor.start({ entry, id, ...place, log, limits }, this);
    } finally {
      closeSync(log);
    }
  }
}

/** Settles when the promise does, or after so many milliseconds. */
async function orAfter(promise: Promise<unknown>, ms: number): Promise<void> {
  const over = new AbortController();
  await Promise.race([promise, sleep(ms, undefined, { signal: over.signal }).catch(() => {})]);
  over.abort();
}
