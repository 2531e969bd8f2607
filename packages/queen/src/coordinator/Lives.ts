import { SkepError, toSkepError } from '@skep/protocol';
import type { Change, Store } from '@skep/store';
import type { Logger } from 'pino';
import type { Clock } from '../clock.js';
import type { CoordinatorMeter } from './core.js';

/** How long after a failure of the store the coordinator begins anew from it. */
const RESTART_MS = 1000;

export interface LivesOptions {
  store: Pick<Store, 'commit'>;
  clock: Clock;
  log: Logger;
  meter: Pick<CoordinatorMeter, 'committed'>;
  /** Rebuilds from the store what is in memory. */
  recover: () => Promise<void>;
  /** All is rebuilt; from now on something can be decided. */
  begun: () => void;
  /** Lets go of those who rely on what is in memory; it is forgotten next. */
  abandon: () => void;
  /** Forgets all that is in memory, timers too. */
  forget: () => void;
}

/**
 * When the coordinator decides, and what it writes. If a commit fails, memory and store no longer agree: it lets go of its
 * drones, forgets all it held in memory, and rebuilds it from the store, just as after a restart.
 */
export class Lives {
  readonly #options: LivesOptions;
  /** Why nothing can be decided now; null in normal times. */
  #suspended: SkepError | null = new SkepError('QUEEN_STOPPING', 'The queen is not ready yet');
  #isStopping = false;
  /**
   * Counts the times that it began anew. A commit that fails late must not suspend what came after; and what was decided
   * before the failure was known rests on what is not in the store, so it must fail too: the series of its commits.
   */
  #life = 0;
  #inFlight = 0;
  /** Settles after all commits before it. */
  #lastCommit: Promise<void> = Promise.resolve();
  /** Whether the store has failed, and what is in memory rests on what is not in it. */
  #isRestarting = false;
  #isStarting = false;

  constructor(options: LivesOptions) {
    this.#options = options;
  }

  get canDecide(): boolean {
    return this.#suspended === null;
  }

  /** @throws {SkepError} QUEEN_STOPPING, STORE_FULL, STORE_FAILED while nothing can be decided */
  checkReady(): void {
    if (this.#suspended) throw this.#suspended;
  }

  /** Rebuilds from the store what was waiting and running. */
  async start(): Promise<void> {
    const life = this.#life;
    this.#isStarting = true;
    try {
      await this.#options.recover();
    } finally {
      this.#isStarting = false;
    }
    // Something that it decided meanwhile could not be stored: it begins anew by itself.
    if (life !== this.#life) throw new SkepError('STORE_FAILED');
    this.#suspended = null;
    this.#options.begun();
  }

  /** Decides nothing more. */
  stop(): void {
    this.#isStopping = true;
    this.#suspended = new SkepError('QUEEN_STOPPING');
    this.#options.forget();
  }

  /**
   * Writes what was decided. Resolved when it, and all that was decided before, is durable: what changes nothing may still tell
   * of what is on its way to the store.
   */
  async write(changes: Change[]): Promise<void> {
    if (this.#isRestarting) throw new SkepError('STORE_FAILED');
    if (changes.length > 0) await this.#commit(changes);
    else if (this.#inFlight > 0) {
      const life = this.#life;
      await this.#lastCommit;
      if (life !== this.#life) throw new SkepError('STORE_FAILED');
    }
  }

  async #commit(changes: Change[]): Promise<void> {
    const { store, meter } = this.#options;
    const life = this.#life;
    const begunAt = performance.now();
    this.#inFlight += 1;
    this.#lastCommit = store.commit(changes, life);
    try {
      await this.#lastCommit;
    } catch (error) {
      if (life === this.#life) this.#suspend(toSkepError(error));
      throw error;
    } finally {
      this.#inFlight -= 1;
    }
    meter.committed(performance.now() - begunAt);
  }

  /** Stops deciding, and begins anew from the store after a while. */
  #suspend(error: SkepError): void {
    if (this.#isStopping || this.#isRestarting) return;
    const { log, clock, abandon, forget } = this.#options;
    this.#isRestarting = true;
    log.error({ err: error }, 'the store failed; beginning anew from it');
    this.#suspended = error.code === 'STORE_FULL' ? error : new SkepError('STORE_FAILED', undefined, { cause: error });
    this.#life += 1;
    abandon();
    forget();
    clock.setTimer(() => this.#beginAnew(), RESTART_MS);
  }

  #beginAnew(): void {
    if (this.#isStopping) return;
    const { clock, forget } = this.#options;
    // What is still on its way to the store may yet get there: to read before would be to miss it.
    if (this.#inFlight > 0 || this.#isStarting) {
      clock.setTimer(() => this.#beginAnew(), RESTART_MS);
      return;
    }
    // A start that failed may have gone half its way.
    forget();
    this.#isRestarting = false;
    this.start().catch((error: unknown) => this.#suspend(toSkepError(error)));
  }
}
