import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { SkepError } from '@skep/protocol';
import { BatchWriter } from './BatchWriter.js';
import { fileError, isMissing } from './fileErrors.js';

/** A partial file that is being written now. */
interface Writing {
  source: Readable;
  ended: Promise<unknown>;
}

/**
 * Files on their way in, in a folder, each under the id of its upload: they come in pieces, over any number of connections,
 * and outlive a restart. Bytes go from the connection to the disk and through the hash, never into a file in memory.
 */
export class PartialFiles {
  readonly #folder: string;
  readonly #writing = new Map<string, Writing>();
  /** Over all bytes of the file so far; what came before a restart is read again. */
  readonly #hashes = new Map<string, { hash: Hash; bytes: number }>();
  /** What came is flushed to the disk while more comes, so that little is left to be flushed with the last byte. */
  readonly #flushing = new Map<string, Promise<unknown>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Where the file of an upload lies. */
  placeOf(id: string): string {
    if (!/^[0-9a-z]{1,64}$/.test(id)) throw new SkepError('UPLOAD_NOT_FOUND');
    return join(this.#folder, id);
  }

  /** How many bytes there are. Whoever is still sending some is cut off, so that the answer stays true. */
  async offsetOf(id: string): Promise<number> {
    await this.#takeOver(id);
    return sizeOf(this.placeOf(id));
  }

  /**
   * Adds bytes at the end. Whoever is still sending some is cut off: it is the one who comes anew that is alive. What came
   * before the source failed, or the disk was full, stays.
   * @param offset where the bytes begin
   * @param size what the whole file is to have
   * @returns the bytes there are now
   * @throws UPLOAD_OFFSET, STORE_FULL, ARTIFACT_STORE_FAILED; DIGEST_MISMATCH for more bytes than the file is to have
   */
  async append(id: string, offset: number, size: number, source: Readable): Promise<number> {
    // Nothing may come between finding nobody there and being there.
    while (this.#writing.has(id)) await this.#takeOver(id);
    const written = this.#write(id, offset, size, source);
    const writing = { source, ended: written.catch(() => undefined) };
    this.#writing.set(id, writing);
    try {
      return await written;
    } finally {
      if (this.#writing.get(id) === writing) this.#writing.delete(id);
    }
  }

  /** The digest of a file that is complete. @throws STORE_FULL, ARTIFACT_STORE_FAILED where the disk failed; the file is gone then */
  async sha256Of(id: string): Promise<string> {
    try {
      await this.#flushing.get(id);
    } catch (error) {
      await this.remove(id);
      throw fileError(error);
    }
    const size = await sizeOf(this.placeOf(id));
    const { hash } = await this.#hashOf(id, size);
    return hash.copy().digest('hex');
  }

  /** Removes the file of an upload, whoever is still sending to it. */
  async remove(id: string): Promise<void> {
    await this.#takeOver(id);
    this.forget(id);
    await rm(this.placeOf(id), { force: true });
  }

  /** Forgets what is kept of a file that was taken away. */
  forget(id: string): void {
    this.#hashes.delete(id);
    this.#flushing.delete(id);
  }

  /** Removes every file whose upload nobody knows. @returns how many */
  async sweep(isKnown: (id: string) => boolean): Promise<number> {
    await mkdir(this.#folder, { recursive: true });
    const unknown = (await readdir(this.#folder)).filter((name) => !isKnown(name));
    for (const name of unknown) await rm(join(this.#folder, name), { force: true, recursive: true });
    return unknown.length;
  }

  /** Cuts off all who are sending. Resolved when nothing is written any more. */
  async close(): Promise<void> {
    await Promise.all([...this.#writing.keys()].map((id) => this.#takeOver(id)));
    await Promise.allSettled(this.#flushing.values());
  }

  async #takeOver(id: string): Promise<void> {
    const writing = this.#writing.get(id);
    if (!writing) return;
    writing.source.destroy(new SkepError('UPLOAD_OFFSET', 'The upload went on over another connection'));
    await writing.ended;
    if (this.#writing.get(id) === writing) this.#writing.delete(id);
  }

  async #write(id: string, offset: number, size: number, source: Readable): Promise<number> {
    const place = this.placeOf(id);
    const present = await sizeOf(place);
    if (offset !== present) {
      throw new SkepError('UPLOAD_OFFSET', `The queen has ${present} bytes of this upload; those that were sent begin at ${offset}`);
    }
    const kept = await this.#hashOf(id, present);
    const handle = await openToAppend(this.#folder, place);
    const writer = new BatchWriter(handle);
    try {
      for await (const piece of source) {
        const bytes = piece as Buffer;
        if (kept.bytes + bytes.byteLength > size) {
          throw new SkepError('DIGEST_MISMATCH', `More bytes were sent than the ${size} that were announced`);
        }
        kept.hash.update(bytes);
        kept.bytes += bytes.byteLength;
        await writer.add(bytes);
      }
      await writer.end();
      return kept.bytes;
    } catch (error) {
      // What came stays. Of what the disk did not take, the hash knows nothing.
      await writer.end().catch(() => this.#hashes.delete(id));
      throw fileError(error);
    } finally {
      this.#flush(id, handle);
    }
  }

  /** Flushes what was written, and closes the file, for which nobody waits. */
  #flush(id: string, handle: FileHandle): void {
    const flushed = handle.datasync().finally(() => handle.close());
    const all = Promise.all([this.#flushing.get(id), flushed]);
    all.catch(() => undefined);
    this.#flushing.set(id, all);
  }

  async #hashOf(id: string, bytes: number): Promise<{ hash: Hash; bytes: number }> {
    const kept = this.#hashes.get(id);
    if (kept?.bytes === bytes) return kept;
    const hash = createHash('sha256');
    if (bytes > 0) for await (const piece of createReadStream(this.placeOf(id), { end: bytes - 1 })) hash.update(piece as Buffer);
    const read = { hash, bytes };
    this.#hashes.set(id, read);
    return read;
  }
}

async function sizeOf(place: string): Promise<number> {
  try {
    return (await stat(place)).size;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw fileError(error);
  }
}

async function openToAppend(folder: string, place: string) {
  try {
    await mkdir(folder, { recursive: true });
    return await open(place, 'a');
  } catch (error) {
    throw fileError(error);
  }
}
