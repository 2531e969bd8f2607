import { parentPort, workerData } from 'node:worker_threads';
import { toFailure } from './failures.js';
import type { ThreadData, ThreadMessage } from './messages.js';
import { lockDataDir, openToRead, openToWrite } from './openDatabase.js';
import { startReader } from './reader.js';
import { startWriter } from './writer.js';

// The script of both threads of a store.
const port = parentPort;
if (!port) throw new Error('This is the script of a worker thread');
const say = (message: ThreadMessage) => port.postMessage(message);

try {
  const { role, dataDir } = workerData as ThreadData;
  if (role === 'writer') {
    const lock = lockDataDir(dataDir);
    const db = openToWrite(dataDir);
    startWriter(db, port, () => {
      db.close();
      lock.close();
      port.close();
    });
  } else {
    const db = openToRead(dataDir);
    startReader(db, port, () => {
      db.close();
      port.close();
    });
  }
  say({ type: 'open' });
} catch (error) {
  say({ type: 'failed', failure: toFailure(error) });
  port.close();
}
