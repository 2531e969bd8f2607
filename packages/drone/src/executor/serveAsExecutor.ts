import { isTask } from '@skep/protocol';
import { executorSocketName, openDataFolder, socketPath } from '../dataFolder.js';
import type { HandlerSet } from '../tasks/HandlerSet.js';
import { loadHandlers } from '../tasks/loadHandlers.js';
import { ExecutorServer } from './ExecutorServer.js';
import { runAttempt } from './runAttempt.js';
import { failTask, runTask } from './runTask.js';

let loaded: { files: string; handlers: Promise<HandlerSet> } | undefined;

/** The handlers in these modules, which are loaded once. */
function handlersOf(files: readonly string[]): Promise<HandlerSet> {
  const key = files.join('\n');
  if (loaded?.files !== key) loaded = { files: key, handlers: loadHandlers(files) };
  return loaded.handlers;
}

/** Runs this process as an executor. */
export function serveAsExecutor(dataDir: string, id: string): void {
  // The pid in its name lets a supervisor end an executor that no longer answers.
  const executor = new ExecutorServer({
    dataDir,
    socketPath: socketPath(openDataFolder(dataDir), executorSocketName(id, process.pid)),
    run: (context) => (isTask(context.job) ? runTask(context, () => handlersOf(context.drone.handlerFiles)) : runAttempt(context)),
    left: (code) => process.exit(code),
  });
  // Who stops a whole service sends this to every process of it: the attempt still ends, then we leave.
  process.on('SIGTERM', () => executor.retire());
  process.on('SIGINT', () => {});
  process.on('SIGHUP', () => {});
  process.on('uncaughtException', (error) => {
    if (failTask(error)) return;
    console.error(error);
    process.exit(1);
  });
  executor.listen();
}
