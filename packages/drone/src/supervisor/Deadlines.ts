import type { AbortReason } from '../executor/AttemptContext.js';
import type { Clock } from './Clock.js';

/** How late a deadline may be noticed. */
const SWEEP_MS = 1000;

interface Watched {
  /** When something was heard of it last, by the clock. */
  readonly heardAt: number;
  abort(reason: AbortReason): void;
}

/** In seconds, as a job says them. */
interface TimeLimits {
  readonly job: number;
  readonly silence: number;
}

/** Ends runs that take too long or are silent for too long. One timer for all of them, because most tasks are over in a millisecond. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #running = new Map<Watched, { since: number; limits: TimeLimits }>();
  #isSweeping = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Watches a run that begins now. */
  add(run: Watched, limits: TimeLimits): void {
    this.#running.set(run, { since: this.#clock.now(), limits });
    this.#sweepLater();
  }

  delete(run: Watched): void {
    this.#running.delete(run);
  }

  #sweepLater(): void {
    if (this.#isSweeping) return;
    this.#isSweeping = true;
    this.#clock.setTimeout(() => {
      this.#isSweeping = false;
      const now = this.#clock.now();
      for (const [run, { since, limits }] of this.#running) {
        const message =
          now - since >= limits.job * 1000
            ? `no end after ${limits.job} s`
            : now - run.heardAt >= limits.silence * 1000
              ? `silent for ${limits.silence} s`
              : undefined;
        if (message === undefined) continue;
        this.#running.delete(run);
        run.abort({ code: 'timed-out', message });
      }
      if (this.#running.size > 0) this.#sweepLater();
    }, SWEEP_MS);
  }
}
