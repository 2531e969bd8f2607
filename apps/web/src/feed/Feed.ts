import type { QueueChange, SkepClient } from '@skep/client';
import type { DroneSummary, JobSummary, Schedule } from '@skep/protocol';
import { queenVersion } from './session.js';

/** What is known of the whole queue. A new object whenever something has changed. */
export interface FeedState {
  connection: 'connecting' | 'live' | 'lost';
  /** Since when it is so, Unix ms. */
  since: number;
  /** How often the connection was there again after it was lost. */
  returns: number;
  drones: ReadonlyMap<string, DroneSummary>;
  /** All jobs that are not done, without parents, whose children do their work, by id; `activeIsPart` if there are more than are kept. */
  active: ReadonlyMap<string, JobSummary>;
  activeIsPart: boolean;
  /** Whether drones and jobs were read at all. */
  isLoaded: boolean;
  /** Why they could not be read the last time. */
  problem?: unknown;
  /** The version of the queen, when the page was loaded and now. */
  version: string;
  newVersion: string | undefined;
}

type Listener = () => void;
export type JobListener = (summary: JobSummary) => void;
/** @param schedule undefined: it was removed */
type ScheduleListener = (name: string, schedule: Schedule | undefined) => void;

/** More jobs that are not done than a page can show. */
const MAX_ACTIVE = 500;
/** Changes are told no more often than this. */
const TELL_MS = 100;
/** What could not be read is asked for again after this. */
const AGAIN_MS = 3000;

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
  readonly #scheduleListeners = new Set<ScheduleListener>();
  readonly #drones = new Map<string, DroneSummary>();
  readonly #active = new Map<string, JobSummary>();
  #stop: (() => void) | undefined;
  #isUp = false;
  /** What was heard since a snapshot was asked for. */
  #heard: QueueChange[] | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
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
    clearTimeout(this.#again);
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

  /** Hears of every change of a schedule. */
  onSchedule(listener: ScheduleListener): () => void {
    this.#scheduleListeners.add(listener);
    return () => this.#scheduleListeners.delete(listener);
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

  /** Reads drones and jobs; again after a while where that fails. */
  async readAll(): Promise<void> {
    clearTimeout(this.#again);
    const heard: QueueChange[] = [];
    this.#heard = heard;
    try {
      const [drones, page, version] = await Promise.all([
        this.client.drones(),
        this.client.jobs({ status: 'active', limit: MAX_ACTIVE }),
        queenVersion(),
      ]);
      // If the queen has gone since, there is another snapshot when it is back.
      if (!this.#isUp || this.#heard !== heard) return;
      this.#heard = undefined;
      this.#takeDrones(drones);
      this.#active.clear();
      for (const job of page.jobs) if (!job.children) this.#active.set(job.id, job);
      // What was said meanwhile is newer than what was read.
      for (const change of heard) this.#take(change);
      const { version: first, returns, connection } = this.#state;
      this.#set({
        connection: 'live',
        since: Date.now(),
        returns: returns + (connection === 'lost' ? 1 : 0),
        activeIsPart: page.next !== null,
        isLoaded: true,
        problem: undefined,
        version: first || version,
        newVersion: first !== '' && first !== version ? version : undefined,
      });
      this.#tell();
    } catch (problem) {
      this.#set({ problem });
      if (this.#isUp && this.#heard === heard) this.#again = setTimeout(() => void this.readAll(), AGAIN_MS);
    }
  }

  #hear(change: QueueChange): void {
    if (change.type === 'connected') {
      this.#isUp = true;
      void this.readAll();
    } else if (change.type === 'disconnected') {
      this.#isUp = false;
      this.#set({ connection: 'lost', since: Date.now() });
    } else if (change.type === 'schedule') {
      for (const listener of this.#scheduleListeners) listener(change.schedule.name, change.schedule);
    } else if (change.type === 'schedule-removed') {
      for (const listener of this.#scheduleListeners) listener(change.name, undefined);
    } else {
      this.#heard?.push(change);
      this.#take(change);
      if (change.type === 'job') for (const listener of this.#jobListeners) listener(change.summary);
      if (change.type === 'drone-died') void this.#readDrones();
    }
    this.#tellSoon();
  }

  #take(change: QueueChange): void {
    if (change.type === 'job') this.#takeJob(change.summary);
    else if (change.type === 'drone') this.#drones.set(change.summary.id, change.summary);
    else if (change.type === 'drone-died') this.#markGone(change.id);
    else if (change.type === 'drone-forgotten') this.#drones.delete(change.id);
  }

  #takeJob(summary: JobSummary): void {
    if (summary.children) return;
    if (summary.status === 'done') this.#active.delete(summary.id);
    else if (this.#active.has(summary.id) || this.#active.size < MAX_ACTIVE) this.#active.set(summary.id, summary);
  }

  /** A drone that is gone may still be waited for; which it is, the queen knows. */
  #markGone(id: string): void {
    const drone = this.#drones.get(id);
    if (drone) this.#drones.set(id, { ...drone, state: 'offline', connectedAt: null });
  }

  async #readDrones(): Promise<void> {
    try {
      this.#takeDrones(await this.client.drones());
      this.#tellSoon();
    } catch {
      // What is known of them stays until the next snapshot.
    }
  }

  #takeDrones(drones: readonly DroneSummary[]): void {
    this.#drones.clear();
    for (const drone of drones) this.#drones.set(drone.id, drone);
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
