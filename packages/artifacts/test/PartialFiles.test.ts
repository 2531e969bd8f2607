import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { BatchWriter } from '../src/BatchWriter.js';
import { PartialFiles } from '../src/index.js';
import { sha256Of } from './describeContentStore.js';

describe('files on their way in', () => {
  const content = randomBytes(3_500_000);
  let folder: string;
  let files: PartialFiles;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skep-partial-'));
    files = new PartialFiles(folder);
  });
  afterEach(async () => {
    await files.close();
    await rm(folder, { recursive: true, force: true });
  });

  const append = (offset: number, source: Readable): Promise<number> => files.append('upload', offset, content.length, source);

  test.each([
    ['large', 1_000_000],
    ['small', 1000],
  ])('have all bytes in order, in %s pieces, and their digest', async (_, bytes) => {
    const pieces = Array.from({ length: Math.ceil(content.length / bytes) }, (_, index) =>
      content.subarray(index * bytes, (index + 1) * bytes),
    );
    expect(await append(0, Readable.from(pieces))).toBe(content.length);
    expect((await readFile(files.placeOf('upload'))).equals(content)).toBe(true);
    expect(await files.sha256Of('upload')).toBe(sha256Of(content));
  });

  test('keep what came before a source broke off, and go on there, also with another queen', async () => {
    async function* breaking(): AsyncGenerator<Buffer> {
      yield content.subarray(0, 1_500_000);
      yield content.subarray(1_500_000, 1_500_010);
      throw new Error('the connection broke');
    }
    await expect(append(0, Readable.from(breaking()))).rejects.toThrow('the connection broke');
    expect(await files.offsetOf('upload')).toBe(1_500_010);
    await expect(append(0, Readable.from([content]))).rejects.toMatchObject({ code: 'UPLOAD_OFFSET' });
    await files.close();
    files = new PartialFiles(folder);
    expect(await append(1_500_010, Readable.from([content.subarray(1_500_010)]))).toBe(content.length);
    expect(await files.sha256Of('upload')).toBe(sha256Of(content));
    await expect(append(content.length, Readable.from([Buffer.from('more')]))).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
  });
});

describe('what is written in batches', () => {
  /** A file that takes at most so many bytes at once, and has room for so many. */
  const fileOf = (atOnce: number, room: number): { written: Buffer[]; handle: FileHandle } => {
    const written: Buffer[] = [];
    const writev = async (pieces: Uint8Array[]): Promise<{ bytesWritten: number }> => {
      const left = room - Buffer.concat(written).length;
      if (left === 0) throw Object.assign(new Error('no room'), { code: 'ENOSPC' });
      const taken = Buffer.concat(pieces).subarray(0, Math.min(atOnce, left));
      written.push(taken);
      return { bytesWritten: taken.length };
    };
    return { written, handle: { writev } as unknown as FileHandle };
  };
  const pieces = Array.from({ length: 1000 }, (_, index) => Buffer.from(`piece ${index}, `));

  test('gets there in order where the system takes only a part at once', async () => {
    const { written, handle } = fileOf(777, 1_000_000);
    const writer = new BatchWriter(handle);
    for (const piece of pieces) await writer.add(piece);
    await writer.end();
    expect(Buffer.concat(written).equals(Buffer.concat(pieces))).toBe(true);
  });

  test('is what came first where there is no room for all, and says so at the next piece or the end', async () => {
    const { written, handle } = fileOf(777, 5000);
    const writer = new BatchWriter(handle);
    const writing = async (): Promise<void> => {
      for (const piece of pieces) await writer.add(piece);
    };
    await expect(writing()).rejects.toMatchObject({ code: 'ENOSPC' });
    await expect(writer.end()).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(Buffer.concat(written).equals(Buffer.concat(pieces).subarray(0, 5000))).toBe(true);
  });
});
