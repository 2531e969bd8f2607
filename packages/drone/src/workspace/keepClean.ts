import type { Logger } from 'pino';
import { cleanWorkspaces } from './cleanWorkspaces.js';

const EVERY_MS = 3600_000;
/** Long enough to look at what a crash left, short enough that it does not pile up. */
const MAX_AGE_MS = 24 * 3600_000;
/** Below this, mirrors make room for builds. */
const MIN_FREE_BYTES = 5 * 1024 ** 3;

/**
 * Cleans a drone's data folder now and every hour.
 * @returns ends it
 */
export function keepClean(dataDir: string, log: Logger): () => void {
  const clean = async (): Promise<void> => {
    try {
      const removed = await cleanWorkspaces({ dataDir, maxAgeMs: MAX_AGE_MS, minFreeBytes: MIN_FREE_BYTES });
      if (removed.length > 0) log.info({ removed }, 'removed what is no longer needed');
    } catch (error) {
      log.warn({ error }, 'the data folder could not be cleaned');
    }
  };
  void clean();
  const timer = setInterval(() => void clean(), EVERY_MS).unref();
  return () => clearInterval(timer);
}
