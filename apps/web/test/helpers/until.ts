import { setTimeout as sleep } from 'node:timers/promises';

/** Looks again and again until there is something to see. */
export async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (performance.now() > deadline) throw new Error(`not true after 20 s: ${look}`);
    await sleep(50);
  }
}
