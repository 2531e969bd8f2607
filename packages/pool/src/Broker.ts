import cluster from 'node:cluster';
import { EventEmitter } from 'node:events';
import { statSync } from 'node:fs';
import { parseAs, SkepError } from '@skep/protocol';
import { BrokerOptions } from './BrokerOptions.js';
import { BrokerWorker, type BrokerWorkerListener, howEnded, type WorkerEnd } from './BrokerWorker.js';
import { pathOf } from './fork.js';
import type { Failing } from './Member.js';
import { Pool } from './Pool.js';
import { mayBeLeft } from './Waits.js';

/** How often age and memory of the workers are looked at, at least. */
const TEND_MS = 1000;

/** What a broker tells, each event with its arguments. */
export interface BrokerEvents {
  /** A worker is up. */
  started: [worker: BrokerWorker];
  /** A worker has ended as it was asked to. */
  ended: [end: WorkerEnd, worker: BrokerWorker];
  /** A worker has ended though nobody asked it to. */
  died: [end: WorkerEnd, worker: BrokerWorker];
  /** A worker reports on its operation: it sent an object whose `type` is `ops`. */
  ops: [message: { type: 'ops' }, worker: BrokerWorker];
  /** A worker sent anything else. */
  message: [message: unknown, worker: BrokerWorker];
  /** A worker is worn out and asked to leave. */
  replaced: [worker: BrokerWorker, why: string];
  /** Workers die young: how many in a row, how the last one ended, and when the next is started. */
  failing: [failing: Failing];
}

/**
 * Keeps worker processes of one type at work: so many as are wanted, replaced when they die, hang or are worn out. They are
 * started as soon as it is made. It is for the first process of a cluster, which may have any number of brokers.
 */
export class Broker extends EventEmitter<BrokerEvents> {
  readonly type: string;
  readonly #pool: Pool<BrokerWorker>;
  readonly #workers = new Set<BrokerWorker>();
  #workerCount: number;
  #isClosed = false;

  /** @throws {SkepError} INVALID_CONFIG if an option cannot be used, or this process is a worker itself */
  constructor(options: BrokerOptions) {
    super();
    const settings = settingsOf(options);
    this.type = settings.type;
    this.#workerCount = settings.workerCount;
    const heard: BrokerWorkerListener = {
      ended: (worker, end, wasMeant) => this.#ended(worker, end, wasMeant),
      message: (worker, message) => {
        if (isOps(message)) this.emit('ops', message, worker);
        else this.emit('message', message, worker);
      },
    };
    const start = async (): Promise<BrokerWorker> => {
      const worker = new BrokerWorker(settings, heard);
      this.#workers.add(worker);
      await worker.up();
      return worker;
    };
    this.#pool = new Pool({
      kind: { start, wanted: () => this.#workerCount },
      tendMs: Math.max(100, Math.min(TEND_MS, settings.recycleRate || TEND_MS)),
      after: (call, ms) => {
        const timer = setTimeout(call, ms);
        return () => clearTimeout(timer);
      },
      listener: {
        joined: (worker) => this.emit('started', worker),
        replaced: (worker, why) => this.emit('replaced', worker, why),
        // A worker that did not come up has died, which is told already.
        didNotStart: () => {},
        failing: (failing) => this.emit('failing', failing),
        isHopeless: () => {},
      },
    });
    this.#pool.fill();
  }

  /** How many workers there shall be. */
  get workerCount(): number {
    return this.#workerCount;
  }

  /** Whether it was told to drain, and not to resume since. */
  get isDraining(): boolean {
    return !this.#pool.isOpen;
  }

  /** Those that are up and were not asked to leave, oldest first. */
  get workers(): BrokerWorker[] {
    return [...this.#pool.members].sort((a, b) => Number(a.id) - Number(b.id));
  }

  /**
   * Replaces every worker by a fresh one, one by one: the next is asked to leave when one more than are wanted is up. Settles when the old ones are gone.
   * @throws {SkepError} WORKERS_DIE if six in a row end young; the old ones that are left go on then
   */
  recycle(): Promise<void> {
    return this.#pool.recycle();
  }

  /** Lets all workers leave and starts none. Settles when all are gone, or when it is resumed meanwhile. */
  drain(): Promise<void> {
    const gone = this.#pool.drain();
    // Those that are not up yet are no members; who waits for them to come up would wait for nothing.
    for (const worker of this.#workers) void worker.leave();
    return gone;
  }

  /** Starts workers again. Settles when all are up, also if it never drained. @throws {SkepError} WORKERS_DIE as in `recycle`, though it goes on trying; POOL_CLOSED */
  resume(): Promise<void> {
    return mayBeLeft(this.#resume());
  }

  /** Sets how many workers there shall be. Settles when so many are up and the rest are gone. @throws {SkepError} INVALID_CONFIG, POOL_CLOSED, and as `resume` */
  resize(workerCount: number): Promise<void> {
    return mayBeLeft(this.#resize(workerCount));
  }

  /** Lets all workers leave, for good. Settles when all are gone. */
  close(): Promise<void> {
    this.#isClosed = true;
    return this.drain();
  }

  #ended(worker: BrokerWorker, end: WorkerEnd, wasMeant: boolean): void {
    this.#workers.delete(worker);
    if (this.#pool.members.has(worker)) this.#pool.died(worker, howEnded(end));
    this.emit(wasMeant ? 'ended' : 'died', end, worker);
  }

  async #resume(): Promise<void> {
    this.#refuseClosed();
    await this.#pool.resume();
  }

  async #resize(workerCount: number): Promise<void> {
    this.#refuseClosed();
    this.#workerCount = parseAs(BrokerOptions.shape.workerCount, workerCount, 'The number of workers', 'INVALID_CONFIG');
    await this.#pool.fit();
  }

  #refuseClosed(): void {
    if (this.#isClosed) throw new SkepError('POOL_CLOSED', `The broker of ${this.type} is closed`);
  }
}

function settingsOf(options: BrokerOptions) {
  const settings = parseAs(BrokerOptions, options, 'The broker', 'INVALID_CONFIG');
  if (!cluster.isPrimary)
    throw new SkepError('INVALID_CONFIG', 'A worker of a cluster cannot have workers of its own', {
      hint: 'Make brokers only where cluster.isPrimary.',
    });
  const entry = pathOf(settings.entry);
  if (entry === undefined || !statSync(entry, { throwIfNoEntry: false })?.isFile())
    throw new SkepError('INVALID_CONFIG', `The broker has no script to run: ${entry ?? 'none was given'}`, {
      hint: 'Give the path of the worker as entry.',
    });
  return { ...settings, entry };
}

const isOps = (message: unknown): message is { type: 'ops' } =>
  typeof message === 'object' && message !== null && 'type' in message && message.type === 'ops';
