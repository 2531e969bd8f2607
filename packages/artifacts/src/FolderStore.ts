import { createReadStream } from 'node:fs';
import { copyFile, mkdir, open, opendir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { SkepError } from '@skep/protocol';
import type { ContentRange, ContentStore } from './ContentStore.js';
import { checkDigest } from './checkDigest.js';
import { checkOwner, OWNER } from './checkOwner.js';
import { fileError, isMissing } from './fileErrors.js';
import { syncFolder } from './syncFolder.js';

// Fewer reads for the same bytes than by Node's 64 KiB, and still little to hold for each who reads.
const READ_BYTES = 512 * 1024;

/**
 * Contents as files of a folder: `ab/cdef...`, named by their digest. A file comes by rename and is never written again,
 * so that whoever finds it finds all of it.
 */
export class FolderStore implements ContentStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async open(owner: string): Promise<void> {
    const place = join(this.#folder, OWNER);
    try {
      await mkdir(this.#folder, { recursive: true });
      const found = await readFile(place, { encoding: 'utf8', flag: 'a+' });
      // Empty where it is new, or where there was no room to write it.
      if (found === '') await writeFile(place, owner, { flush: true });
      else checkOwner(found, owner, `The folder ${this.#folder}`, place);
    } catch (error) {
      throw fileError(error);
    }
  }

  async take(sha256: string, file: string): Promise<void> {
    const place = this.#placeOf(sha256);
    try {
      await makeDurable(file);
      const parent = dirname(place);
      if (await mkdir(parent, { recursive: true })) await syncFolder(this.#folder);
      await moveTo(file, place);
      await syncFolder(parent);
    } catch (error) {
      throw fileError(error);
    }
  }

  async has(sha256: string, size: number): Promise<boolean> {
    try {
      return (await stat(this.#placeOf(sha256))).size === size;
    } catch (error) {
      if (isMissing(error)) return false;
      throw fileError(error);
    }
  }

  async read(sha256: string, range?: ContentRange): Promise<Readable> {
    try {
      // Opened before anything is answered: from then on it can be read to its end, also if it is removed meanwhile.
      const handle = await open(this.#placeOf(sha256), 'r');
      return createReadStream('', {
        fd: handle,
        highWaterMark: READ_BYTES,
        ...(range && { start: range.first, end: range.last }),
      });
    } catch (error) {
      if (isMissing(error))
        throw new SkepError('ARTIFACT_LOST', `The content ${sha256} is not in the store of artifacts`, { cause: error });
      throw fileError(error);
    }
  }

  async remove(sha256: string): Promise<void> {
    await rm(this.#placeOf(sha256), { force: true }).catch((error: unknown) => {
      throw fileError(error);
    });
  }

  async *list(): AsyncGenerator<string> {
    for await (const shard of namesIn(this.#folder)) {
      if (!/^[0-9a-f]{2}$/.test(shard)) continue;
      for await (const rest of namesIn(join(this.#folder, shard))) {
        if (/^[0-9a-f]{62}$/.test(rest)) yield shard + rest;
        // A copy from another disk that was cut short.
        else if (rest.endsWith('.part')) await rm(join(this.#folder, shard, rest), { force: true });
      }
    }
  }

  async close(): Promise<void> {}

  #placeOf(sha256: string): string {
    checkDigest(sha256);
    return join(this.#folder, sha256.slice(0, 2), sha256.slice(2));
  }
}

async function makeDurable(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Moves a file; where it lies on another disk, by a copy that is written beside the place and renamed. */
async function moveTo(file: string, place: string): Promise<void> {
  try {
    await rename(file, place);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    const copy = `${place}.part`;
    await copyFile(file, copy);
    await makeDurable(copy);
    await rename(copy, place);
    await rm(file);
  }
}

async function* namesIn(folder: string): AsyncGenerator<string> {
  try {
    for await (const { name } of await opendir(folder)) yield name;
  } catch (error) {
    if (!isMissing(error)) throw fileError(error);
  }
}
