import { randomBytes } from 'node:crypto';
import { closeSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type DataFolder, socketPath } from '../dataFolder.js';
import type { AbortReason } from '../executor/AttemptContext.js';
import type { AttemptKey, RunOrder } from '../executor/executorMessages.js';
import type { Clock } from './Clock.js';
import { Executor, type ExecutorListener } from './Executor.js';
import { openExecutorLog } from './executorLog.js';
import { StartBackoff } from './StartBackoff.js';
import { type ExecutorLimits, wornBy } from './wornBy.js';

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
 * The warm executors: one more than are busy, at most as many as the drone has slots. One that dies is replaced, with a
 * back-off while they die young; one that is worn out is replaced between two attempts, one at a time.
 */
export class ExecutorPool implements ExecutorListener {
  readonly #options: PoolOptions;
  readonly #listener: PoolListener;
  readonly #executors = new Set<Executor>();
  readonly #waiting: Waiting[] = [];
  #starting = 0;
  readonly #backoff = new StartBackoff();
  #isOpen = true;
  #cancelRetry: (() => void) | undefined;
  #cancelTend: (() => void) | undefined;

  constructor(options: PoolOptions, listener: PoolListener) {
    this.#options = options;
    this.#listener = listener;
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
    const prompt = new AbortController();
    await Promise.race([all, sleep(PROMPT_MS, undefined, { signal: prompt.signal }).catch(() => {})]);
    prompt.abort();
    return areLate ? { late: all } : {};
  }

  /** What executors are running now. */
  get running(): AttemptKey[] {
    return [...this.#executors].flatMap(({ running }) => running ?? []);
  }

  /** Whether an executor runs this attempt. */
  runs(key: AttemptKey): boolean {
    return this.#executorOf(key) !== undefined;
  }

  /** Starts as many as shall be warm. */
  warm(): void {
    const busy = [...this.#executors].filter(({ running }) => running).length;
    const wanted = Math.min(this.#options.capacity, busy + this.#waiting.length + 1);
    while (this.#isOpen && !this.#cancelRetry && this.#executors.size + this.#starting < wanted) void this.#start();
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

  /** Lets all go on without us. */
  release(): void {
    this.#close();
    for (const executor of this.#executors) executor.release();
    this.#executors.clear();
  }

  /** Lets all leave as soon as they are idle, without us. */
  dismiss(): void {
    for (const executor of this.#executors) executor.retire();
    this.release();
  }

  /** Lets all leave as soon as they are idle, and settles when they have. */
  async retire(): Promise<void> {
    this.#close();
    for (const executor of this.#executors) executor.retire();
    for (const until = performance.now() + RETIRE_MS; this.#executors.size + this.#starting > 0 && performance.now() < until; )
      await sleep(5);
    this.release();
  }

  spooled(key: AttemptKey): void {
    this.#listener.spooled(key);
  }

  ended(executor: Executor, key: AttemptKey): void {
    this.#backoff.succeeded();
    if (!this.#isOpen) executor.retire();
    this.#listener.ended(key);
    if (!this.#isOpen) return;
    this.#recycle();
    this.#assign();
  }

  gone(executor: Executor, how: string): void {
    this.#executors.delete(executor);
    if (!this.#isOpen && !executor.running) return;
    this.#options.log.warn({ pid: executor.pid, running: executor.running, how }, 'an executor died');
    if (executor.running) this.#listener.died(executor.running, executor.pid, how);
    if (this.#backoff.isYoung(executor.condition.ageMs)) this.#failed(how);
    else this.warm();
  }

  #executorOf(key: AttemptKey): Executor | undefined {
    for (const executor of this.#executors) if (executor.running && sameKey(executor.running, key)) return executor;
    return undefined;
  }

  async #adopt(path: string): Promise<void> {
    const executor = await Executor.adopt(path, this);
    if (!executor) return;
    if (!this.#isOpen) return executor.release();
    if (!executor.running && wornBy(executor.condition, this.#options.executorLimits) !== undefined) return executor.leave();
    this.#executors.add(executor);
    this.#tendLater();
    this.#options.log.info({ pid: executor.pid, running: executor.running }, 'executor taken over');
  }

  #assign(): void {
    for (const executor of this.#executors) {
      if (this.#waiting.length === 0) break;
      if (!executor.running) executor.run((this.#waiting.shift() as Waiting).order());
    }
    this.warm();
  }

  async #start(): Promise<void> {
    const { folder, entry, log } = this.#options;
    const id = `x${randomBytes(2).toString('hex')}`;
    const logFile = openExecutorLog(folder);
    this.#starting += 1;
    try {
      const place = { dataDir: folder.path, socketPath: (name: string) => socketPath(folder, name) };
      const executor = await Executor.start({ entry, id, ...place, log: logFile }, this);
      this.#executors.add(executor);
      this.#tendLater();
      if (!this.#isOpen) executor.retire();
    } catch (error) {
      log.error({ error: (error as Error).message }, 'an executor did not start');
      this.#failed((error as Error).message);
    } finally {
      closeSync(logFile);
      this.#starting -= 1;
    }
    if (this.#isOpen) this.#assign();
  }

  #failed(how: string): void {
    const retryMs = this.#backoff.failed();
    if (this.#backoff.isHopeless) for (const key of this.#waiting.splice(0)) this.#listener.died(key, 0, how);
    if (!this.#isOpen || this.#cancelRetry) return;
    this.#options.log.warn({ failures: this.#backoff.failures, retryMs, how }, 'executors die young; waiting before the next is started');
    this.#cancelRetry = this.#options.clock.setTimeout(() => {
      this.#cancelRetry = undefined;
      this.warm();
    }, retryMs);
  }

  #tendLater(): void {
    this.#cancelTend ??= this.#options.clock.setTimeout(() => {
      this.#cancelTend = undefined;
      // Those that a burst of attempts left behind: one is enough to begin with.
      for (const executor of this.#idle.slice(1)) this.#letGo(executor);
      this.#recycle();
      this.warm();
      if (this.#executors.size > 0) this.#tendLater();
    }, TEND_MS);
  }

  /** Replaces an idle executor that is worn out; never another before the one that takes its place is there. */
  #recycle(): void {
    if (this.#starting > 0 || this.#cancelRetry) return;
    for (const executor of this.#idle) {
      const why = wornBy(executor.condition, this.#options.executorLimits);
      if (why === undefined) continue;
      this.#options.log.info({ pid: executor.pid, why }, 'an executor is replaced');
      this.#letGo(executor);
      return;
    }
  }

  get #idle(): Executor[] {
    return [...this.#executors].filter(({ running }) => !running);
  }

  #letGo(executor: Executor): void {
    this.#executors.delete(executor);
    executor.leave();
  }

  #close(): void {
    this.#isOpen = false;
    this.#cancelRetry?.();
    this.#cancelTend?.();
  }
}
