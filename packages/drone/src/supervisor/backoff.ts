/** The shortest and the longest wait before something is tried again. */
const MIN_MS = 200;
const MAX_MS = 5000;

/**
 * How long to wait before trying again: anywhere between 0.2 s and a bound that doubles from 1 s to 5 s. The wide first
 * step keeps a fleet from coming back in one wave when its queen restarts.
 * @param tries how many failed so far, from 0
 * @param random from 0 to 1
 */
export const backoffMs = (tries: number, random: number = Math.random()): number =>
  Math.round(MIN_MS + random * (Math.min(MAX_MS, 1000 * 2 ** tries) - MIN_MS));
