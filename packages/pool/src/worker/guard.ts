import { workerData } from 'node:worker_threads';

/** How often it looks, and how long the worker may take to end by itself, as the end of its channel makes it do. */
const LOOK_MS = 1000;
const GRACE_MS = 1000;

/** A thread in every worker: kills the process when the broker's process is gone, also where the event loop stands still. */
const look = setInterval(() => {
  if (process.ppid === workerData) return;
  clearInterval(look);
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), GRACE_MS);
}, LOOK_MS);
