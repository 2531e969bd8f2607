import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { extract, type ReadEntry } from 'tar';
import { download } from '../download.js';
import type { Address } from './address.js';
import type { CheckoutOptions } from './checkout.js';

/** Bytes of an archive, and of all that is unpacked from it. */
const ARCHIVE_BYTES = 4 * 1024 ** 3;
const UNPACKED_BYTES = 16 * 1024 ** 3;

/**
 * Fills a folder with what an archive at an http(s) address holds: a tar, packed by gzip or not. Where all of it lies in one
 * folder, as in the archives that code hosts make, what is in that folder. Nothing is unpacked before its digest is right.
 * @returns the SHA-256 of the archive
 * @throws in words what went wrong
 */
export async function checkoutTarball({ url, https }: Address, { repo, ref, folder, tmp, signal }: CheckoutOptions): Promise<string> {
  if (!/^https?:/i.test(url)) throw new Error(`a tarball is at an http(s) address, not at ${url}`);
  if (ref) throw new Error('a tarball has no branches or commits: leave ref out');
  const archive = join(tmp, 'source.tar');
  const unpacked = join(tmp, 'source');
  try {
    const sha256 = await download({ url, basic: https, file: archive, maxBytes: ARCHIVE_BYTES, signal });
    if (repo.sha256 !== undefined && repo.sha256.toLowerCase() !== sha256)
      throw new Error(`${url} has the SHA-256 ${sha256}, not ${repo.sha256.toLowerCase()}`);
    await mkdir(unpacked);
    await unpack(archive, unpacked, url, signal);
    await rm(folder, { recursive: true, force: true });
    await rename(await contentOf(unpacked), folder);
    return sha256;
  } finally {
    await rm(archive, { force: true });
    await rm(unpacked, { recursive: true, force: true });
  }
}

async function unpack(archive: string, folder: string, url: string, signal: AbortSignal): Promise<void> {
  let bytes = 0;
  const check = (path: string, entry: ReadEntry): void => {
    signal.throwIfAborted();
    bytes += entry.size;
    if (bytes > UNPACKED_BYTES) throw new Error(`${url} unpacks to more than ${UNPACKED_BYTES} bytes`);
    if (!isInside(path)) throw new Error(`${url} holds a path that leads out of it: ${path}`);
    if (!leadsInside(path, entry)) throw new Error(`${url} holds a link that leads out of it: ${path} -> ${entry.linkpath}`);
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
    refusal ??= new Error(`${url} is no archive that can be unpacked: ${(error as Error).message}`, { cause: error });
  });
  if (refusal !== undefined) throw refusal;
  if (entries === 0) throw new Error(`${url} is no archive that can be unpacked: there is nothing in it`);
}

const isInside = (path: string): boolean => !isAbsolute(path) && !/^\.\.(\/|$)/.test(normalize(path));

/** Links are told from where they stand, hard links from the top. */
function leadsInside(path: string, { type, linkpath = '' }: ReadEntry): boolean {
  if (type === 'SymbolicLink') return !isAbsolute(linkpath) && isInside(join(dirname(path), linkpath));
  return type !== 'Link' || isInside(linkpath);
}

/** The one folder that holds all the rest, or the whole. */
async function contentOf(unpacked: string): Promise<string> {
  const [only, ...others] = await readdir(unpacked, { withFileTypes: true });
  return only?.isDirectory() && others.length === 0 ? join(unpacked, only.name) : unpacked;
}
