import type { QueueChange, SkepClient } from '@skep/client';
import type { DroneSummary, JobSummary } from '@skep/protocol';

/** Jobs beyond these are not looked at: nobody reads a longer list. */
const MAX_JOBS = 5000;
const PAGE_JOBS = 500;

/** All drones and all jobs that are not done, without parents, whose children do their work: kept as they are by what the queen tells. */
export class Fleet {
  readonly #client: SkepClient;
  readonly #changed: () => void;
  #drones = new Map<string, DroneSummary>();
  #jobs = new Map<string, JobSummary>();
  /** What was told while the whole was read; undefined while it is not. */
  #told: QueueChange[] | undefined;
  #isLive = false;
  #hasAll = true;

  constructor(client: SkepClient, changed: () => void = () => {}) {
    this.#client = client;
    this.#changed = changed;
  }

  /** By name. */
  get drones(): DroneSummary[] {
    return [...this.#drones.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Those that run, the oldest first, then those that wait, in the order in which they came. */
  get jobs(): JobSummary[] {
    return [...this.#jobs.values()].sort(
      (a, b) => Number(a.status === 'queued') - Number(b.status === 'queued') || (a.started ?? a.queued) - (b.started ?? b.queued),
    );
  }

  /** Whether what is shown is as it is now. */
  get isLive(): boolean {
    return this.#isLive;
  }

  /** Whether all jobs are among those that are shown. */
  get hasAll(): boolean {
    return this.#hasAll;
  }

  /** Reads the whole. @throws {SkepError} as the client does */
  async read(): Promise<void> {
    const told: QueueChange[] = [];
    this.#told = told;
    const drones = await this.#client.drones();
    const jobs: JobSummary[] = [];
    let before: string | null | undefined;
    do {
      const page = await this.#client.jobs({ status: 'active', limit: PAGE_JOBS, ...(before != null && { before }) });
      jobs.push(...page.jobs);
      before = page.next;
    } while (before !== null && jobs.length < MAX_JOBS);
    // Begun anew meanwhile: that reading knows more.
    if (this.#told !== told) return;
    this.#drones = new Map(drones.map((drone) => [drone.id, drone]));
    this.#jobs = new Map(jobs.flatMap((job) => (job.children ? [] : [[job.id, job]])));
    this.#hasAll = before === null;
    this.#told = undefined;
    this.#isLive = true;
    for (const change of told) this.#take(change);
    this.#changed();
  }

  /** Keeps up with the queen until the returned function is called; after a loss of the connection it reads the whole anew. */
  follow(): () => void {
    return this.#client.watchQueue((change) => {
      if (change.type === 'disconnected') {
        this.#isLive = false;
        this.#changed();
      } else if (change.type === 'connected') {
        // A queen that cannot be read has gone again: the next connection brings the next try.
        this.read().catch(() => {});
      } else if (this.#told) this.#told.push(change);
      else {
        this.#take(change);
        this.#changed();
      }
    });
  }

  #take(change: QueueChange): void {
    if (change.type === 'drone') this.#drones.set(change.summary.id, change.summary);
    else if (change.type === 'drone-died') this.#died(change.id);
    else if (change.type === 'drone-forgotten') this.#drones.delete(change.id);
    else if (change.type === 'job' && change.summary.status === 'done') this.#jobs.delete(change.summary.id);
    else if (change.type === 'job' && !change.summary.children) this.#jobs.set(change.summary.id, change.summary);
  }

  /** What it is now is told with it, unless it is gone for good. */
  #died(id: string): void {
    const drone = this.#drones.get(id);
    if (drone && drone.connectedAt !== null && drone.state !== 'lost')
      this.#drones.set(id, { ...drone, state: 'offline', connectedAt: null });
  }
}
