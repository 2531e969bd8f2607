/** Time as the queen sees it; a simulation brings its own. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Calls back once after so many milliseconds, unless the returned function is called first. */
  setTimer(callback: () => void, afterMs: number): () => void;
}

// Node fires a longer timer at once.
const LONGEST_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: Date.now,
  setTimer(callback, afterMs) {
    const timer = setTimeout(callback, Math.min(afterMs, LONGEST_MS));
    return () => clearTimeout(timer);
  },
};
