import { setTimeout as sleep } from 'node:timers/promises';

/** Looks again and again until there is something to see; for what says nothing when it changes. */
export async function until<T>(
  look: () => T | undefined | false | null | Promise<T | undefined | false | null>,
  what = 'the condition',
  withinMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > deadline) throw new Error(`${what} did not come true in ${withinMs / 1000} s`);
    await sleep(10);
  }
}
