import { once } from 'node:events';
import { SkepError } from '@skep/protocol';

/** Lets so many search at once; who comes later waits for a turn, first come first served. */
export class Turns {
  readonly #waiting = new Set<() => void>();
  #free: number;

  /** @param waitMs how long to wait for a turn at the most */
  constructor(
    private readonly atOnce: number,
    private readonly waitMs: number,
  ) {
    this.#free = atOnce;
  }

  /** Waits for a turn. @returns what ends it; saying so again does nothing. @throws TOO_MANY_SEARCHES; what the signal was aborted with */
  async take(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn(signal);
    let isMine = true;
    return () => {
      if (!isMine) return;
      isMine = false;
      const [next] = this.#waiting;
      if (next) next();
      else this.#free += 1;
    };
  }

  async #turn(signal: AbortSignal): Promise<void> {
    const settled = new AbortController();
    const late = AbortSignal.any([signal, AbortSignal.timeout(this.waitMs)]);
    try {
      await new Promise<void>((resolve, reject) => {
        const mine = (): void => {
          this.#waiting.delete(mine);
          resolve();
        };
        this.#waiting.add(mine);
        once(late, 'abort', { signal: settled.signal }).then(
          () => {
            this.#waiting.delete(mine);
            reject(signal.aborted ? signal.reason : new SkepError('TOO_MANY_SEARCHES', `${this.atOnce} searches run at once already`));
          },
          () => {},
        );
      });
    } finally {
      settled.abort();
    }
  }
}
