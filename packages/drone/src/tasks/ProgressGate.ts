import { plainProgress } from './plainJson.js';

/** How many are told at once, and how many a second after that. */
const BURST = 20;
const GAP_MS = 1000 / BURST;

/** Lets progress through as it comes, and of a flood the newest now and then: readers want to know how far it is, not each step. */
export class ProgressGate {
  readonly #tell: (value: unknown) => void;
  #credit = BURST;
  #creditAt = performance.now();
  #held: { value: unknown } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(tell: (value: unknown) => void) {
    this.#tell = tell;
  }

  /** @throws {TaskError} bad-progress */
  report(value: unknown): void {
    // As it is now: it may be changed before it is told.
    const plain = plainProgress(value);
    const now = performance.now();
    this.#credit = Math.min(BURST, this.#credit + (now - this.#creditAt) / GAP_MS);
    this.#creditAt = now;
    if (this.#timer === undefined && this.#credit >= 1) {
      this.#credit -= 1;
      this.#tell(plain);
      return;
    }
    this.#held = { value: plain };
    this.#timer ??= setTimeout(() => this.flush(), GAP_MS);
  }

  /** Tells what is held back. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const held = this.#held;
    if (!held) return;
    this.#held = undefined;
    this.#credit = Math.max(0, this.#credit - 1);
    this.#tell(held.value);
  }
}
