import { setTimeout as sleep } from 'node:timers/promises';

/** What this process holds when all that can be collected is: bytes that other threads handed over go only some turns after their objects. */
export async function settledMemory() {
  let before = Number.POSITIVE_INFINITY;
  for (;;) {
    globalThis.gc();
    await sleep(50);
    const memory = process.memoryUsage();
    const held = memory.heapUsed + memory.external;
    if (held > before * 0.99) return memory;
    before = held;
  }
}
