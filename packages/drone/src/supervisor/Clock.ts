/** Time as the supervisor knows it, so that a simulation can drive it. */
export interface Clock {
  /** Milliseconds that only ever grow, from an arbitrary start. */
  now(): number;
  /** Calls once after so many milliseconds. @returns cancels it */
  setTimeout(call: () => void, ms: number): () => void;
  /** Calls once when everything of the present turn is done. */
  soon(call: () => void): void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  setTimeout: (call, ms) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
  soon: (call) => {
    setImmediate(call);
  },
};
