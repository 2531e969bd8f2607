import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { isMainThread, Worker } from 'node:worker_threads';
import { ALIVE_MS, type Alive, LATEST_UP_MS, PARENT, UP_MS } from './alive.js';

/**
 * Loaded into every worker before its own script (`node --import`). It says every second that the event loop turns, and
 * how much memory the process has; and it ends the process when its broker is gone.
 */
function begin(parent: number): void {
  // What the worker starts itself is none of ours: neither threads, nor processes that take over our arguments.
  const at = process.execArgv.lastIndexOf('--import');
  process.execArgv.splice(at, 2);
  delete process.env[PARENT];

  let isUp = false;
  const say = (): void => {
    const message: Alive = { skepAlive: { memoryBytes: process.memoryUsage.rss(), isUp } };
    if (process.connected) process.send?.(message, undefined, {}, () => {});
  };
  const sayUp = (): void => {
    isUp = true;
    say();
  };
  setInterval(say, ALIVE_MS).unref();
  setTimeout(sayUp, LATEST_UP_MS).unref();
  // By then Node is loading the script, so that this only waits for it. If it failed, Node itself ends the process.
  setImmediate(() => void loaded().finally(() => setTimeout(sayUp, UP_MS).unref()));

  // A thread, because the event loop that it watches over may stand still for ever.
  new Worker(new URL('./guard.js', import.meta.url), {
    workerData: parent,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 },
  }).unref();
}

/** Settles when the worker's own script is loaded, and at once if it is not where we look for it. */
async function loaded(): Promise<void> {
  try {
    await import(pathToFileURL(realpathSync(process.argv[1] ?? '')).href);
  } catch {
    // Said by Node.
  }
}

const parent = Number(process.env[PARENT]);
if (isMainThread && parent > 0) begin(parent);
