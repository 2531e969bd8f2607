import { constants } from 'node:fs';
import { type FileHandle, lstat, open, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { ArtifactPath } from '@skep/protocol';
import { liesIn } from './findFiles.js';

const NO_FILE = 'it is no plain file';

/** A file as it is, or why it is left out. */
export type Opened = { readonly file: FileHandle; readonly size: number; readonly mode: number } | { readonly why: string };

/**
 * Opens a file of a workspace to be read. What is no plain file, or lies behind a link that leads out of the workspace, is
 * not opened.
 * @param path below `folder`, with `/`
 * @throws the system error if it cannot be read
 */
export async function openInside(folder: string, path: string): Promise<Opened> {
  const name = ArtifactPath.safeParse(path);
  if (!name.success) return { why: `its name ${name.error.issues[0]?.message ?? 'is not allowed'}` };
  const real = await realpath(join(folder, path)).catch(() => undefined);
  if (real === undefined) return { why: 'it is a link that leads nowhere' };
  if (!liesIn(await realpath(folder), real)) return { why: 'it is a link that leads out of the workspace' };
  const kind = await lstat(real);
  if (kind.isDirectory()) return { why: 'it is a link to a folder' };
  if (!kind.isFile()) return { why: NO_FILE };
  // Should it have become a pipe meanwhile, nobody waits for its other end.
  const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = await file.stat();
    if (stat.isFile()) return { file, size: stat.size, mode: stat.mode & 0o777 };
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return { why: NO_FILE };
}
