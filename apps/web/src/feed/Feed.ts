import type { QueueChange, SkepClient } from '@skep/client';
import type { DroneSummary, JobSummary } from '@skep/protocol';
import { queenVersion } from './session.js';

/** What is known of the whole queue. A new object whenever something has changed. */
export interface FeedState {
  connection: 'connecting' | 'live' | 'lost';
  /** Since when it is so, Unix ms. */
  since: number;
  /** How often the connection was there again after it was lost. */
  returns: number;
  drones: ReadonlyMap<string, DroneSummary>;
  /** All jobs that are not done, by id; `activeIsPart` if there are more than are kept. */
  active: ReadonlyMap<string, JobSummary>;
  activeIsPart: boolean;
  /** Whether drones and jobs were read at all. */
  isLoaded: boolean;
  /** The version of the queen, when the page was loaded and now. */
  version: string;
  newVersion: string | undefined;
}

type Listener = () => void;
export type JobListener = (summary: JobSummary) => void;

/** More jobs that are not done than a page can show. */
const MAX_ACTIVE = 500;
/** Changes are told no more often than this. */
const TELL_MS = 100;

/** One connection of the page: a snapshot, then every change, and a snapshot again after the connection was lost. */
export class Feed {
  readonly client: SkepClient;
  #state: FeedState = {
    connection: 'connecting',
    since: Date.now(),
    returns: 0,
    drones: new Map(),
    active: new Map(),
    activeIsPart: false,
    isLoaded: false,
    version: '',
    newVersion: undefined,
  };
  readonly #listeners = new Set<Listener>();
  readonly #jobListeners = new Set<JobListener>();
  readonly #drones = new Map<string, DroneSummary>();
  readonly #active = new Map<string, JobSummary>();
  #stop: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: SkepClient) {
    this.client = client;
  }

  start(): void {
    this.#stop = this.client.watchQueue((change) => this.#hear(change));
  }

  close(): void {
    this.#stop?.();
    clearTimeout(this.#timer);
    this.client.close();
  }

  readonly state = (): FeedState => this.#state;

  readonly subscribe = (listener: Listener): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Hears of every change of every job. */
  onJob(listener: JobListener): () => void {
    this.#jobListeners.add(listener);
    return () => this.#jobListeners.delete(listener);
  }

  /**
   * Shows a drone as it will be when what was asked of the queen is done.
   * @returns takes it back, unless the queen has said something else of it since
   */
  assume(drone: DroneSummary): () => void {
    const before = this.#drones.get(drone.id);
    this.#drones.set(drone.id, drone);
    this.#tell();
    return () => {
      if (!before || this.#drones.get(drone.id) !== drone) return;
      this.#drones.set(drone.id, before);
      this.#tell();
    };
  }

  #hear(change: QueueChange): void {
    if (change.type === 'connected') void this.#readAll();
    else if (change.type === 'disconnected') this.#set({ connection: 'lost', since: Date.now() });
    else if (change.type === 'job') this.#takeJob(change.summary);
    else if (change.type === 'drone') this.#drones.set(change.summary.id, change.summary);
    else if (change.type === 'drone-died') this.#markGone(change.id);
    else this.#drones.delete(change.id);
    this.#tellSoon();
  }

  #takeJob(summary: JobSummary): void {
    if (summary.status === 'done') this.#active.delete(summary.id);
    else if (this.#active.has(summary.id) || this.#active.size < MAX_ACTIVE) this.#active.set(summary.id, summary);
    for (const listener of this.#jobListeners) listener(summary);
  }

  /** A drone that is gone may still be waited for; which it is, the queen knows. */
  #markGone(id: string): void {
    const drone = this.#drones.get(id);
    if (drone) this.#drones.set(id, { ...drone, state: 'offline', connectedAt: null });
    void this.#readDrones();
  }

  async #readAll(): Promise<void> {
    const wasLost = this.#state.connection === 'lost';
    try {
      const [, page, version] = await Promise.all([
        this.#readDrones(),
        this.client.jobs({ status: 'active', limit: MAX_ACTIVE }),
        queenVersion(),
      ]);
      this.#active.clear();
      for (const job of page.jobs) this.#active.set(job.id, job);
      const isOther = this.#state.version !== '' && this.#state.version !== version;
      this.#set({
        connection: 'live',
        since: Date.now(),
        returns: this.#state.returns + (wasLost ? 1 : 0),
        activeIsPart: page.next !== null,
        isLoaded: true,
        version: this.#state.version || version,
        newVersion: isOther ? version : undefined,
      });
      this.#tell();
    } catch {
      // The queen has gone again: there is another snapshot when it is back.
    }
  }

  async #readDrones(): Promise<void> {
    const drones = await this.client.drones();
    this.#drones.clear();
    for (const drone of drones) this.#drones.set(drone.id, drone);
    this.#tellSoon();
  }

  #set(change: Partial<FeedState>): void {
    this.#state = { ...this.#state, ...change };
    this.#tellSoon();
  }

  #tellSoon(): void {
    this.#timer ??= setTimeout(() => this.#tell(), TELL_MS);
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#state = { ...this.#state, drones: new Map(this.#drones), active: new Map(this.#active) };
    for (const listener of this.#listeners) listener();
  }
}
