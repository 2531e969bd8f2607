import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ContentRange, ContentStore } from '../src/index.js';

export const NOBODY = '0'.repeat(64);
export const sha256Of = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** Writes a file and has a store take it over. @returns the digest of its content */
export async function take(store: ContentStore, folder: string, content: string | Uint8Array): Promise<string> {
  const sha256 = sha256Of(content);
  const file = join(folder, 'upload');
  await writeFile(file, content);
  await store.take(sha256, file);
  return sha256;
}

export async function read(store: ContentStore, sha256: string, range?: ContentRange): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await store.read(sha256, range)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function list(store: ContentStore): Promise<string[]> {
  const found: string[] = [];
  for await (const sha256 of store.list()) found.push(sha256);
  return found.sort();
}

/**
 * Holds a store of contents against everything that `ContentStore` promises.
 * @param make a store on an empty place; one on the same place when it is called again within a test
 */
export function describeContentStore(name: string, make: (folder: string) => Promise<ContentStore> | ContentStore): void {
  describe(`${name} keeps the promises of a store of contents`, () => {
    let folder: string;
    let store: ContentStore;

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'skep-contents-'));
      store = await make(folder);
      await store.open('a queen');
    });
    afterEach(async () => {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    });

    test('keeps what it took, whole and in parts, also when it takes it again', async () => {
      // More than any part or buffer of any store.
      const content = randomBytes(20_000_000);
      const sha256 = await take(store, folder, content);
      await expect(stat(join(folder, 'upload'))).rejects.toMatchObject({ code: 'ENOENT' });
      expect(await take(store, folder, content)).toBe(sha256);
      expect(await store.has(sha256, content.length)).toBe(true);
      expect(await store.has(sha256, content.length - 1)).toBe(false);
      expect((await read(store, sha256)).equals(content)).toBe(true);
      expect((await read(store, sha256, { first: 5, last: 5 })).equals(content.subarray(5, 6))).toBe(true);
      expect((await read(store, sha256, { first: 300_000, last: 9_000_000 })).equals(content.subarray(300_000, 9_000_001))).toBe(true);
    });

    test('keeps a content of no bytes', async () => {
      const sha256 = await take(store, folder, '');
      expect(await store.has(sha256, 0)).toBe(true);
      expect(await read(store, sha256)).toHaveLength(0);
    });

    test('takes many at once', async () => {
      const contents = Array.from({ length: 20 }, (_, index) => Buffer.alloc(10_000 * index, `${index} `));
      await Promise.all(
        contents.map(async (content, index) => {
          const file = join(folder, `upload-${index}`);
          await writeFile(file, content);
          await store.take(sha256Of(content), file);
        }),
      );
      for (const content of contents) expect((await read(store, sha256Of(content))).equals(content)).toBe(true);
      expect(await list(store)).toEqual(contents.map(sha256Of).sort());
    });

    test('is there again for its owner, and for nobody else', async () => {
      const sha256 = await take(store, folder, 'kept');
      await store.close();
      const another = await make(folder);
      await expect(another.open('another queen')).rejects.toMatchObject({
        code: 'INVALID_CONFIG',
        message: expect.stringContaining('another queen'),
        hint: expect.stringContaining('owner'),
      });
      await another.close();
      store = await make(folder);
      await store.open('a queen');
      expect((await read(store, sha256)).toString()).toBe('kept');
    });

    test('has no more what was removed; whoever reads it reads on', async () => {
      const content = Buffer.alloc(2 * 1024 * 1024, 'x');
      const sha256 = await take(store, folder, content);
      const reading = await store.read(sha256);
      await store.remove(sha256);
      await store.remove(sha256);
      expect(await store.has(sha256, content.length)).toBe(false);
      expect(await list(store)).toEqual([]);
      await expect(store.read(sha256)).rejects.toMatchObject({ code: 'ARTIFACT_LOST' });
      let bytes = 0;
      for await (const chunk of reading) bytes += chunk.length;
      expect(bytes).toBe(content.length);
    });

    test.each(['../../etc/passwd', '', NOBODY.slice(1), 'A'.repeat(64)])('refuses %j, which is no digest', async (name) => {
      await expect(store.read(name)).rejects.toMatchObject({ code: 'ARTIFACT_STORE_FAILED' });
      await expect(store.has(name, 1)).rejects.toMatchObject({ code: 'ARTIFACT_STORE_FAILED' });
      await expect(store.remove(name)).rejects.toMatchObject({ code: 'ARTIFACT_STORE_FAILED' });
    });

    test('says so when there is no file to take', async () => {
      await expect(store.take(NOBODY, join(folder, 'nothing'))).rejects.toMatchObject({ code: 'ARTIFACT_STORE_FAILED' });
      expect(await store.has(NOBODY, 0)).toBe(false);
    });
  });
}
