import { isMainThread, Worker } from 'node:worker_threads';
import { ALIVE_MS, type Alive, FIRST_ALIVE_MS, PARENT } from './alive.js';

/**
 * Loaded into every worker before its own script (`node --import`). It says every second that the event loop turns, and
 * how much memory the process has; and it ends the process when its broker is gone.
 */
function begin(parent: number): void {
  // What the worker starts itself is none of ours: neither threads, nor processes that take over our arguments.
  const at = process.execArgv.lastIndexOf('--import');
  process.execArgv.splice(at, 2);
  delete process.env[PARENT];

  const say = (): void => {
    if (process.connected)
      process.send?.({ skepAlive: { memoryBytes: process.memoryUsage.rss() } } satisfies Alive, undefined, {}, () => {});
  };
  setTimeout(say, FIRST_ALIVE_MS).unref();
  setInterval(say, ALIVE_MS).unref();

  // A thread, because the event loop that it watches over may stand still for ever.
  new Worker(new URL('./guard.js', import.meta.url), {
    workerData: parent,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 },
  }).unref();
}

const parent = Number(process.env[PARENT]);
if (isMainThread && parent > 0) begin(parent);
