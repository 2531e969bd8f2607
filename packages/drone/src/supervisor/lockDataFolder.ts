import { rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { SkepError } from '@skep/protocol';
import { type DataFolder, socketPath } from '../dataFolder.js';
import { connectTo } from './connectTo.js';

/** Keeps other supervisors out of the data folder until it is released or this process ends in any way. */
export interface DataLock {
  release(): void;
}

/**
 * Takes the data folder for this supervisor. Who can be connected to, holds it; a pid in a file could be another
 * process's by now.
 * @throws {SkepError} DATA_IN_USE
 */
export async function lockDataFolder(folder: DataFolder): Promise<DataLock> {
  const path = socketPath(folder, 'supervisor');
  for (let tries = 0; tries < 5; tries++) {
    const server = await listen(path);
    if (server) return { release: () => server.close() };
    const before = inodeOf(path);
    const holder = await connectTo(path).catch(() => undefined);
    if (holder) {
      holder.destroy();
      break;
    }
    // Left by one that was killed. If it is another file by now, somebody else was faster, and is asked in the next round.
    if (before !== undefined && inodeOf(path) === before) rmSync(path, { force: true });
  }
  throw new SkepError('DATA_IN_USE', `Another drone uses ${folder.path}`);
}

function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

const inodeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.ino;
