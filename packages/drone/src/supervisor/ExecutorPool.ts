import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type DataFolder, socketPath } from '../dataFolder.js';
import type { AbortReason } from '../executor/AttemptContext.js';
import type { AttemptKey, RunOrder } from '../executor/executorMessages.js';
import type { Clock } from './Clock.js';
import { Executor, type ExecutorListener } from './Executor.js';

/** An executor that dies sooner than this after its start counts as one that cannot live. */
const YOUNG_MS = 10_000;
const MIN_RETRY_MS = 100;
const MAX_RETRY_MS = 30_000;
/** So many in a row, and what waits for an executor is given up. */
const MAX_FAILURES = 6;
/** How long executors beyond those we keep warm may be idle. */
const IDLE_MS = 60_000;
/** How long leaving executors are waited for. */
const RETIRE_MS = 5_000;
const MAX_LOG_BYTES = 10 * 1024 * 1024;

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
}

const sameKey = (a: AttemptKey, b: AttemptKey): boolean => a.id === b.id && a.attempt === b.attempt;

/** The warm executors: one more than are busy, at most as many as the drone has slots. */
export class ExecutorPool implements ExecutorListener {
  readonly #options: PoolOptions;
  readonly #listener: PoolListener;
  readonly #executors = new Set<Executor>();
  readonly #waiting: Waiting[] = [];
  #starting = 0;
  #failures = 0;
  #isOpen = true;
  #cancelRetry: (() => void) | undefined;
  #cancelTrim: (() => void) | undefined;

  constructor(options: PoolOptions, listener: PoolListener) {
    this.#options = options;
    this.#listener = listener;
  }

  /** Takes over the executors that an earlier supervisor left. @returns what they are running */
  async adopt(): Promise<AttemptKey[]> {
    const { folder, log } = this.#options;
    const names = readdirSync(folder.run).filter((name) => name.endsWith('.sock') && name !== 'supervisor.sock');
    const adopted = await Promise.all(names.map((name) => Executor.adopt(join(folder.run, name), this)));
    for (const executor of adopted) {
      if (!executor) continue;
      this.#executors.add(executor);
      log.info({ pid: executor.pid, running: executor.running }, 'executor taken over');
    }
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
    this.#failures = 0;
    if (!this.#isOpen) executor.retire();
    this.#listener.ended(key);
    this.#assign();
    this.#cancelTrim ??= this.#options.clock.setTimeout(() => this.#trim(), IDLE_MS);
  }

  gone(executor: Executor, how: string): void {
    this.#executors.delete(executor);
    if (!this.#isOpen && !executor.running) return;
    const isYoung = performance.now() - executor.startedAt < YOUNG_MS;
    this.#options.log.warn({ pid: executor.pid, running: executor.running, how }, 'an executor died');
    if (executor.running) this.#listener.died(executor.running, executor.pid, how);
    if (isYoung) this.#failed(how);
    else this.warm();
  }

  #executorOf(key: AttemptKey): Executor | undefined {
    for (const executor of this.#executors) if (executor.running && sameKey(executor.running, key)) return executor;
    return undefined;
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
    const id = `x${randomBytes(4).toString('hex')}`;
    const logFile = openLog(folder);
    this.#starting += 1;
    try {
      const executor = await Executor.start({ entry, dataDir: folder.path, id, socketPath: socketPath(folder, id), log: logFile }, this);
      this.#executors.add(executor);
      if (!this.#isOpen) executor.retire();
    } catch (error) {
      log.error({ error: (error as Error).message }, 'an executor did not start');
      rmSync(socketPath(folder, id), { force: true });
      this.#failed((error as Error).message);
    } finally {
      closeSync(logFile);
      this.#starting -= 1;
    }
    if (this.#isOpen) this.#assign();
  }

  #failed(how: string): void {
    this.#failures += 1;
    if (this.#failures >= MAX_FAILURES) for (const key of this.#waiting.splice(0)) this.#listener.died(key, 0, how);
    if (!this.#isOpen) return;
    this.#cancelRetry ??= this.#options.clock.setTimeout(
      () => {
        this.#cancelRetry = undefined;
        this.warm();
      },
      Math.min(MAX_RETRY_MS, MIN_RETRY_MS * 2 ** (this.#failures - 1)),
    );
  }

  /** Lets executors go that a burst of attempts left behind. */
  #trim(): void {
    this.#cancelTrim = undefined;
    const idle = [...this.#executors].filter(({ running }) => !running);
    for (const executor of idle.slice(1)) {
      this.#executors.delete(executor);
      executor.retire();
      executor.release();
    }
  }

  #close(): void {
    this.#isOpen = false;
    this.#cancelRetry?.();
    this.#cancelTrim?.();
  }
}

/** Where executors write what goes wrong with themselves; a job's output never comes here. */
function openLog(folder: DataFolder): number {
  const path = join(folder.log, 'executors.log');
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > MAX_LOG_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}
