import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Does something with a folder that only its owner can read, for a key or a password; it is removed at the end. @param tmp a folder of the attempt */
export async function withSecretFolder<T>(tmp: string, perform: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmp, 'secret-'));
  try {
    return await perform(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
