import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

// Beside the built benchmarks and not among the temporary files: those are often kept in memory, where an fsync costs nothing.
const base = join(import.meta.dirname, '../../data');

/** A new folder on a disk, removed with all in it when it is disposed of. */
export async function tempFolder(): Promise<AsyncDisposable & { path: string }> {
  mkdirSync(base, { recursive: true });
  const path = await mkdtemp(join(base, 'b-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}
