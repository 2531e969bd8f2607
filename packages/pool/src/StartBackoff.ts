/** What ends sooner than this after its start counts as something that cannot live. */
const YOUNG_MS = 10_000;
const MIN_RETRY_MS = 100;
const MAX_RETRY_MS = 30_000;
/** So many in a row, and who waits for them is told that nothing is to be hoped for. */
const MAX_FAILURES = 6;
/** A failure that comes so long after the one before begins a new row: longer than any wait, start and young death together. */
const ROW_MS = 120_000;

/** How long to wait before the next member of a pool is started, while they die young: from 0.1 s, doubling to 30 s. */
export class StartBackoff {
  #failures = 0;
  #failedAt = 0;

  /** How many have failed since the last success. */
  get failures(): number {
    return this.#failures;
  }

  /** Whether so many failed that nothing is to be hoped for soon. */
  get isHopeless(): boolean {
    return this.#failures >= MAX_FAILURES;
  }

  /** Whether one that ends at this age, in ms, counts as a failure. */
  isYoung(ageMs: number): boolean {
    return ageMs < YOUNG_MS;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  /**
   * @param now milliseconds that only ever grow
   * @returns milliseconds to wait
   */
  failed(now: number = performance.now()): number {
    if (now - this.#failedAt > ROW_MS) this.#failures = 0;
    this.#failedAt = now;
    this.#failures += 1;
    return Math.min(MAX_RETRY_MS, MIN_RETRY_MS * 2 ** (this.#failures - 1));
  }
}
