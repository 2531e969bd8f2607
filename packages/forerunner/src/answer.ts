/** How forerunner is answered: an error, or null and what was asked for. */
export type Callback<T extends unknown[] | [] = []> = (error: unknown, ...answer: Partial<T>) => void;

/** Does a piece of work and calls back with how it ended, outside of it: what the callback throws is the caller's own. */
export async function answer<T extends unknown[] | []>(work: () => T | Promise<T>, callback: Callback<T> = () => {}): Promise<void> {
  try {
    const given = await work();
    process.nextTick(callback, null, ...given);
  } catch (error) {
    process.nextTick(callback, error);
  }
}
