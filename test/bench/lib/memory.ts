import { setTimeout as sleep } from 'node:timers/promises';

export interface Memory {
  /** Bytes that V8 and what hangs on it hold, all garbage gone. */
  heap: number;
  /** Bytes of the whole process that are in memory. */
  resident: number;
}

/** What this process holds after its garbage was collected; it must run with --expose-gc. */
export async function memoryInUse(): Promise<Memory> {
  // What finalizers and closing sockets let go of falls only to the next collection.
  for (let round = 0; round < 4; round++) {
    globalThis.gc?.();
    await sleep(50);
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}
