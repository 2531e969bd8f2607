import { mkdir } from 'node:fs/promises';
import { SkepError } from '@skep/protocol';

/** The folder, made if it is not there. @throws {SkepError} INVALID_CONFIG if it cannot be used */
export async function ensureFolder(path: string): Promise<string> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    return path;
  } catch (cause) {
    throw new SkepError('INVALID_CONFIG', `The data folder ${path} cannot be made`, {
      cause,
      hint: 'Give another folder with --data or SKEP_DATA.',
    });
  }
}
