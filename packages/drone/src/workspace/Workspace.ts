import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AssignedJob } from '@skep/protocol';
import { thisProcess } from './liveness.js';

/** The folders of one attempt. */
export interface Workspace {
  /** All that the attempt has. */
  readonly folder: string;
  /** Where its commands run: the checkout, or an empty folder. */
  readonly code: string;
  /** Its TMPDIR. */
  readonly tmp: string;
}

/** The file in a workspace that names the process it belongs to. */
export const OWNER_FILE = 'owner';

export const workFolder = (dataDir: string): string => join(dataDir, 'work');

/** Makes `<data>/work/<job id>.<attempt>`; what an earlier process left there is removed. */
export async function makeWorkspace(dataDir: string, { id, attempt }: Pick<AssignedJob, 'id' | 'attempt'>): Promise<Workspace> {
  const folder = join(workFolder(dataDir), `${encodeURIComponent(id)}.${attempt}`);
  const workspace = { folder, code: join(folder, 'code'), tmp: join(folder, 'tmp') };
  await mkdir(workFolder(dataDir), { recursive: true });
  await mkdir(folder, { mode: 0o700 }).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    await removeFolder(folder);
    await mkdir(folder, { mode: 0o700 });
  });
  await Promise.all([mkdir(workspace.code), mkdir(workspace.tmp), writeFile(join(folder, OWNER_FILE), thisProcess())]);
  return workspace;
}

/** Removes a folder with all that is in it, also where a build left folders that may not be written to. */
export async function removeFolder(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch {
    await makeWritable(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 });
  }
}

async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o700).catch(() => undefined);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
}
