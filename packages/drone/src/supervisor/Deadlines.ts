import type { AbortReason } from '../executor/AttemptContext.js';
import type { Clock } from './Clock.js';

/** How late a deadline may be noticed. */
const SWEEP_MS = 1000;

interface Abortable {
  abort(reason: AbortReason): void;
}

/** Ends runs that take too long. One timer for all of them, because most tasks are over in a millisecond. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #running = new Map<Abortable, { endsAt: number; seconds: number }>();
  #isSweeping = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(run: Abortable, seconds: number): void {
    this.#running.set(run, { endsAt: this.#clock.now() + seconds * 1000, seconds });
    this.#sweepLater();
  }

  delete(run: Abortable): void {
    this.#running.delete(run);
  }

  #sweepLater(): void {
    if (this.#isSweeping) return;
    this.#isSweeping = true;
    this.#clock.setTimeout(() => {
      this.#isSweeping = false;
      const now = this.#clock.now();
      for (const [run, { endsAt, seconds }] of this.#running) {
        if (endsAt > now) continue;
        this.#running.delete(run);
        run.abort({ code: 'timed-out', message: `no end after ${seconds} s` });
      }
      if (this.#running.size > 0) this.#sweepLater();
    }, SWEEP_MS);
  }
}
