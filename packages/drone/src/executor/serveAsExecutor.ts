import { executorSocketName, openDataFolder, socketPath } from '../dataFolder.js';
import { ExecutorServer } from './ExecutorServer.js';
import { runAttempt } from './runAttempt.js';

/** Runs this process as an executor. */
export function serveAsExecutor(dataDir: string, id: string): void {
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
}
