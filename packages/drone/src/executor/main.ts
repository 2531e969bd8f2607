import { executorSocketName, openDataFolder, socketPath } from '../dataFolder.js';
import { ExecutorServer } from './ExecutorServer.js';
import { runAttempt } from './runAttempt.js';

/**
 * The entry of an executor process: `node main.js <data folder> <executor id>`. It is started in a session of its own
 * and outlives the supervisor that started it.
 */
const [, , dataDir, id] = process.argv;
if (dataDir === undefined || id === undefined) {
  console.error('usage: main.js <data folder> <executor id>');
  process.exit(2);
}

// The pid in its name lets a supervisor end an executor that no longer answers.
const executor = new ExecutorServer({
  dataDir,
  socketPath: socketPath(openDataFolder(dataDir), executorSocketName(id, process.pid)),
  run: runAttempt,
  left: (code) => process.exit(code),
});
// Who stops a whole service sends this to every process of it: the attempt still ends, then we leave.
process.on('SIGTERM', () => executor.retire());
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
executor.listen();
