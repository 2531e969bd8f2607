import type { Clock } from '../../src/supervisor/Clock.js';

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  #now = 0;
  readonly #timers = new Set<{ at: number; call: () => void }>();

  now(): number {
    return this.#now;
  }

  setTimeout(call: () => void, ms: number): () => void {
    const timer = { at: this.#now + ms, call };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  soon(call: () => void): void {
    this.setTimeout(call, 0);
  }

  /** Lets time pass, each timer at its instant. */
  pass(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const next = [...this.#timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.call();
    }
    this.#now = until;
  }
}
