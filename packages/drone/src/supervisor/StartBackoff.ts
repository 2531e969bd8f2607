/** An executor that dies sooner than this after its start counts as one that cannot live. */
const YOUNG_MS = 10_000;
const MIN_RETRY_MS = 100;
const MAX_RETRY_MS = 30_000;
/** So many in a row, and what waits for an executor is given up. */
const MAX_FAILURES = 6;

/** How long to wait before the next executor is started, while they die young: from 0.1 s, doubling to 30 s. */
export class StartBackoff {
  #failures = 0;

  /** How many have failed since the last success. */
  get failures(): number {
    return this.#failures;
  }

  /** Whether so many failed that nothing is to be hoped for soon. */
  get isHopeless(): boolean {
    return this.#failures >= MAX_FAILURES;
  }

  /** Whether one that dies at this age, in ms, counts as a failure. */
  isYoung(ageMs: number): boolean {
    return ageMs < YOUNG_MS;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  /** @returns milliseconds to wait */
  failed(): number {
    this.#failures += 1;
    return Math.min(MAX_RETRY_MS, MIN_RETRY_MS * 2 ** (this.#failures - 1));
  }
}
