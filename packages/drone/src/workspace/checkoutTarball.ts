import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { download } from '../download.js';
import type { Address } from './address.js';
import type { CheckoutOptions } from './checkout.js';
import { unpack } from './unpack.js';

/** Bytes of an archive. */
const ARCHIVE_BYTES = 4 * 1024 ** 3;

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

/** The one folder that holds all the rest, or the whole. */
async function contentOf(unpacked: string): Promise<string> {
  const [only, ...others] = await readdir(unpacked, { withFileTypes: true });
  return only?.isDirectory() && others.length === 0 ? join(unpacked, only.name) : unpacked;
}
