import type { PastRun, Store } from '@skep/store';

/** Of how many jobs the runs are kept, those asked for last. */
const JOBS = 1000;
/** How many runs of each: enough for one drone of a few to have its own. */
const RUNS = 50;

/**
 * The past runs of jobs, by the key of what they run. Read from the store when they are first asked for, and from then on
 * kept up to date by what ends here, so that a job that comes costs no reading.
 */
export class RunHistory {
  /** The jobs asked for longest ago first. */
  readonly #kept = new Map<string, readonly PastRun[]>();
  readonly #arriving = new Map<string, Promise<readonly PastRun[]>>();

  constructor(private readonly store: Pick<Store, 'runs'>) {}

  /** The newest runs under a key, newest first. */
  async of(runKey: string): Promise<readonly PastRun[]> {
    const kept = this.#kept.get(runKey);
    if (kept) {
      this.#keep(runKey, kept);
      return kept;
    }
    return this.#arriving.get(runKey) ?? this.#read(runKey);
  }

  /** The same, if it was asked for lately. */
  known(runKey: string): readonly PastRun[] | undefined {
    return this.#kept.get(runKey);
  }

  /** A run has passed, and is in the store by now. */
  add(runKey: string, run: PastRun): void {
    // What is being read may hold it or not: it is read again when it is asked for next.
    this.#arriving.delete(runKey);
    const kept = this.#kept.get(runKey);
    if (kept) this.#kept.set(runKey, [run, ...kept.slice(0, RUNS - 1)]);
  }

  /** Forgets all: the store may hold other things than what was told. */
  clear(): void {
    this.#kept.clear();
    this.#arriving.clear();
  }

  #read(runKey: string): Promise<readonly PastRun[]> {
    // Only what nobody called back in the meantime is kept.
    const isWanted = (): boolean => this.#arriving.get(runKey) === reading;
    const reading = this.store.runs(runKey, RUNS).then(
      (runs) => {
        if (isWanted()) this.#keep(runKey, runs);
        return runs;
      },
      (error: unknown) => {
        if (isWanted()) this.#arriving.delete(runKey);
        throw error;
      },
    );
    this.#arriving.set(runKey, reading);
    return reading;
  }

  #keep(runKey: string, runs: readonly PastRun[]): void {
    this.#arriving.delete(runKey);
    this.#kept.delete(runKey);
    this.#kept.set(runKey, runs);
    const [longestAgo] = this.#kept.keys();
    if (this.#kept.size > JOBS && longestAgo !== undefined) this.#kept.delete(longestAgo);
  }
}
