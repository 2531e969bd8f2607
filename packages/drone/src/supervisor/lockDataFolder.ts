import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { SkepError } from '@skep/protocol';
import { type DataFolder, socketPath } from '../dataFolder.js';
import { withLock } from '../workspace/lock.js';
import { connectTo } from './connectTo.js';

/** How long others that start at the same time are waited for. */
const WAIT_MS = 10_000;

/** Keeps other supervisors out of the data folder until it is released or this process ends in any way. */
export interface DataLock {
  release(): void;
}

/**
 * Takes the data folder for this supervisor. Who can be connected to holds it; a pid in a file could be another
 * process's by now. Looking whether the last one is dead and taking its place are one step under a lock, because of
 * several that find the same dead one each would remove the socket of the one before.
 * @throws {SkepError} DATA_IN_USE
 */
export async function lockDataFolder(folder: DataFolder): Promise<DataLock> {
  const path = socketPath(folder, 'supervisor');
  const late = AbortSignal.timeout(WAIT_MS);
  const server = await withLock(join(folder.run, 'starting'), late, () => takePlace(path)).catch((error: unknown) => {
    if (late.aborted) return undefined;
    throw error;
  });
  if (!server) throw new SkepError('DATA_IN_USE', `Another drone uses ${folder.path}`);
  return { release: () => server.close() };
}

/** @returns `undefined` if somebody holds the place */
async function takePlace(path: string): Promise<Server | undefined> {
  if (await isHeld(path)) return undefined;
  rmSync(path, { force: true });
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** Only a socket that is not there or that nobody listens to is free: one that is too busy to answer is not. */
async function isHeld(path: string): Promise<boolean> {
  try {
    (await connectTo(path)).destroy();
    return true;
  } catch (error) {
    return !['ENOENT', 'ECONNREFUSED'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}
