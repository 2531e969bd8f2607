import { dirname, isAbsolute, join, normalize } from 'node:path';
import { extract, type ReadEntry } from 'tar';

/** Bytes of all that is unpacked from one archive. */
const UNPACKED_BYTES = 16 * 1024 ** 3;

/**
 * Unpacks a tar, packed by gzip or not, into a folder. Nothing more of it is unpacked from the first path or link on that
 * leads out of it.
 * @param name what it is called in errors
 * @throws in words what is wrong with it
 */
export async function unpack(archive: string, folder: string, name: string, signal: AbortSignal): Promise<void> {
  let bytes = 0;
  const check = (path: string, entry: ReadEntry): void => {
    signal.throwIfAborted();
    bytes += entry.size;
    if (bytes > UNPACKED_BYTES) throw new Error(`${name} unpacks to more than ${UNPACKED_BYTES} bytes`);
    if (!isInside(path)) throw new Error(`${name} holds a path that leads out of it: ${path}`);
    if (!leadsInside(path, entry)) throw new Error(`${name} holds a link that leads out of it: ${path} -> ${entry.linkpath}`);
  };
  let refusal: unknown;
  let entries = 0;
  await extract({
    file: archive,
    cwd: folder,
    strict: true,
    // Owners of another machine mean nothing here.
    preserveOwner: false,
    filter: (path, entry) => {
      entries += 1;
      // What is thrown in here would be thrown at nobody.
      try {
        if (refusal === undefined) check(path, entry as ReadEntry);
      } catch (error) {
        refusal = error;
      }
      return refusal === undefined;
    },
  }).catch((error: unknown) => {
    refusal ??= new Error(`${name} is no archive that can be unpacked: ${(error as Error).message}`, { cause: error });
  });
  if (refusal !== undefined) throw refusal;
  if (entries === 0) throw new Error(`${name} is no archive that can be unpacked: there is nothing in it`);
}

const isInside = (path: string): boolean => !isAbsolute(path) && !/^\.\.(\/|$)/.test(normalize(path));

/** Links are told from where they stand, hard links from the top. */
function leadsInside(path: string, { type, linkpath = '' }: ReadEntry): boolean {
  return type === 'SymbolicLink' ? linkLeadsInside(path, linkpath) : type !== 'Link' || isInside(linkpath);
}

/** Whether a symbolic link at a path leads to somewhere in the folder that the path begins in. */
export const linkLeadsInside = (path: string, to: string): boolean => !isAbsolute(to) && isInside(join(dirname(path), to));
