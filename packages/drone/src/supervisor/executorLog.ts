import { openSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DataFolder } from '../dataFolder.js';

const MAX_LOG_BYTES = 10 * 1024 * 1024;

/**
 * Where executors write what goes wrong with themselves; a job's output never comes here.
 * @returns a file descriptor
 */
export function openExecutorLog(folder: DataFolder): number {
  const path = join(folder.log, 'executors.log');
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > MAX_LOG_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}
