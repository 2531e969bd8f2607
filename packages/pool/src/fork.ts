import cluster, { type Worker } from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { PARENT } from './worker/alive.js';

/** A worker's preload is built code: when we run from src/, it is the built twin. */
const preload = new URL(import.meta.url.replace(/\/src\/[^/]*$/, '/dist/').replace(/[^/]*$/, 'worker/preload.js'));

/**
 * Starts a process in Node's cluster, so that workers share the ports that they listen on. What the cluster is set to is
 * for all of the process, and so it is as before when this returns.
 * @throws the system error if there can be no further process
 */
export function fork(entry: string, variables: Record<string, string>): Worker {
  const { exec = process.argv[1], execArgv = process.execArgv } = cluster.settings;
  cluster.setupPrimary({ exec: entry, execArgv: [...process.execArgv, '--import', preload.href] });
  try {
    return cluster.fork({ ...variables, [PARENT]: String(process.pid) });
  } finally {
    cluster.setupPrimary({ ...(exec !== undefined && { exec }), execArgv });
  }
}

/** The path of a script. */
export const pathOf = (entry: string | URL | undefined): string | undefined =>
  entry instanceof URL ? fileURLToPath(entry) : (entry ?? process.argv[1]);
