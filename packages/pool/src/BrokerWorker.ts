import type { Worker } from 'node:cluster';
import type { BrokerSettings } from './BrokerOptions.js';
import { fork } from './fork.js';
import type { Member } from './Member.js';
import { isAlive } from './worker/alive.js';
import { wornBy } from './wornBy.js';

/** How long a worker may take to leave by itself before its channel is closed, which ends one that only waits for messages. */
const DISCONNECT_MS = 1000;

/** How a worker ended. */
export interface WorkerEnd {
  readonly id: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why the broker killed it; absent if it ended by itself or by somebody else. */
  readonly why?: string;
}

export interface BrokerWorkerListener {
  /** It has ended; `wasMeant` if it was asked to, or left its cluster by itself. */
  ended(worker: BrokerWorker, end: WorkerEnd, wasMeant: boolean): void;
  message(worker: BrokerWorker, message: unknown): void;
}

/** One worker process of a broker. */
export class BrokerWorker implements Member {
  readonly use = 'serving';
  readonly hasServed = false;
  /** The worker as Node's cluster has it. */
  readonly cluster: Worker;
  /** Its number in the cluster, never used again. */
  readonly id: string;
  readonly pid: number | undefined;
  /** Its resident memory in bytes as it last said; 0 before that. */
  memoryBytes = 0;
  readonly #settings: BrokerSettings;
  readonly #listener: BrokerWorkerListener;
  readonly #startedAt = performance.now();
  readonly #ended: Promise<string>;
  readonly #isUp: Promise<void>;
  readonly #settle = { ended: (_: string): void => {}, up: (): void => {} };
  #left: Promise<void> | undefined;
  #hasEnded = false;
  #why: string | undefined;
  #silences = 0;
  #watch: NodeJS.Timeout | undefined;

  /** Starts a process. @throws the system error if there can be no further one */
  constructor(settings: BrokerSettings, listener: BrokerWorkerListener) {
    this.#settings = settings;
    this.#listener = listener;
    this.#ended = new Promise((resolve) => {
      this.#settle.ended = resolve;
    });
    this.#isUp = new Promise((resolve) => {
      this.#settle.up = resolve;
    });
    this.cluster = fork(settings.entry, { worker_type: settings.type, env: settings.environment });
    this.id = String(this.cluster.id);
    this.pid = this.cluster.process.pid;
    this.cluster.on('message', (message: unknown) => this.#take(message));
    this.cluster.on('exit', (code, signal) => this.#end(code, signal as NodeJS.Signals | null));
    // A process that could not be started has no end; of one that runs, an error says that a message did not reach it.
    this.cluster.on('error', () => {
      if (this.pid === undefined) this.#end(null, null);
    });
    if (settings.hangMs > 0) this.#watch = setInterval(() => this.#heardNothing(), Math.ceil(settings.hangMs / 2));
  }

  get ageMs(): number {
    return performance.now() - this.#startedAt;
  }

  get worn(): string | undefined {
    const { recycleRate, maxMemoryBytes } = this.#settings;
    return wornBy(this, { maxAgeMs: recycleRate || Number.POSITIVE_INFINITY, maxMemoryBytes: maxMemoryBytes || Number.POSITIVE_INFINITY });
  }

  /** Settles when its script is loaded and its event loop turns. @throws {Error} that says how it ended before */
  async up(): Promise<void> {
    const how = await Promise.race([this.#isUp, this.#ended]);
    if (how !== undefined) throw new Error(`it ended ${how}`);
  }

  /** Sends it a message, which it gets by `process.on('message')`. @returns false if it can get none any more */
  send(message: NonNullable<unknown>): boolean {
    if (!this.cluster.isConnected()) return false;
    this.cluster.process.send(message, undefined, {}, () => {});
    return true;
  }

  /**
   * Asks it to leave, ever more firmly: the message `suicide`; after a second the end of its channel and of what it listens
   * on; SIGTERM; SIGKILL at the end of its grace. Settles when it is gone.
   */
  leave(): Promise<void> {
    this.#left ??= this.#leave();
    return this.#left;
  }

  async #leave(): Promise<void> {
    const { graceMs } = this.#settings;
    this.send('suicide');
    const steps = [
      setTimeout(() => this.cluster.isConnected() && this.cluster.disconnect(), Math.min(DISCONNECT_MS, graceMs / 4)),
      setTimeout(() => this.#kill('SIGTERM'), graceMs / 2),
      setTimeout(() => this.#kill('SIGKILL'), graceMs),
    ];
    await this.#ended;
    for (const step of steps) clearTimeout(step);
  }

  #take(message: unknown): void {
    this.#silences = 0;
    if (isAlive(message)) {
      this.memoryBytes = message.skepAlive.memoryBytes;
      if (message.skepAlive.isUp) this.#settle.up();
    } else this.#listener.message(this, message);
  }

  /** Three times in a row, because after a sleep of the whole machine the timer comes before what the worker has said. */
  #heardNothing(): void {
    this.#silences += 1;
    if (this.#silences <= 2 || this.#left) return;
    this.#why = `its event loop stood still for ${this.#settings.hangMs / 1000} s`;
    this.#kill('SIGKILL');
  }

  #kill(signal: NodeJS.Signals): void {
    if (!this.#hasEnded) this.cluster.process.kill(signal);
  }

  #end(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    clearInterval(this.#watch);
    const end = { id: this.id, code, signal, ...(this.#why !== undefined && { why: this.#why }) };
    this.#listener.ended(this, end, this.#left !== undefined || this.cluster.exitedAfterDisconnect === true);
    this.#settle.ended(howEnded(end));
  }
}

/** How it ended, in words. */
export function howEnded({ code, signal, why }: WorkerEnd): string {
  if (why !== undefined) return `because ${why}`;
  if (signal !== null) return `by ${signal}`;
  return code === null ? 'before it began' : `with exit code ${code}`;
}
