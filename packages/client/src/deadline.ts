/** An instant by which something must have happened; on the monotonic clock, so that a changed wall clock moves nothing. */
export class Deadline {
  readonly #at: number;

  constructor(readonly ms: number) {
    this.#at = performance.now() + ms;
  }

  /** Milliseconds that are left; 0 when it has passed. */
  get leftMs(): number {
    return Math.max(0, this.#at - performance.now());
  }

  get hasPassed(): boolean {
    return this.leftMs === 0;
  }
}

/** Milliseconds before what was cut off is tried again. */
export const AGAIN_MS = 300;

/** Waits so many milliseconds, or until the signal is aborted; never throws. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
}

/** A duration in words: `400 ms`, `5 s`. */
export const durationWords = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 1000)} s`);
