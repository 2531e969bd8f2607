import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FolderStore } from '../src/index.js';

const NOBODY = '0'.repeat(64);

describe('a store in a folder', () => {
  let folder: string;
  let store: FolderStore;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skep-artifacts-'));
    store = new FolderStore(join(folder, 'contents'));
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Has the store take a file over. @returns the digest of its content */
  async function take(content: string | Uint8Array): Promise<string> {
    const sha256 = createHash('sha256').update(content).digest('hex');
    const file = join(folder, 'upload');
    await writeFile(file, content);
    await store.take(sha256, file);
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
    return sha256;
  }

  async function read(...args: Parameters<FolderStore['read']>): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of await store.read(...args)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async function list(): Promise<string[]> {
    const found: string[] = [];
    for await (const sha256 of store.list()) found.push(sha256);
    return found.sort();
  }

  test('keeps what it took, whole and in parts, also when it takes it again', async () => {
    const content = Buffer.alloc(1024 * 1024, 'some bytes that repeat. ');
    const sha256 = await take(content);
    expect(await take(content)).toBe(sha256);
    expect(await store.has(sha256, content.length)).toBe(true);
    expect(await store.has(sha256, content.length - 1)).toBe(false);
    expect((await read(sha256)).equals(content)).toBe(true);
    expect((await read(sha256, { first: 5, last: 5 })).equals(content.subarray(5, 6))).toBe(true);
    expect((await read(sha256, { first: 300_000, last: 900_000 })).equals(content.subarray(300_000, 900_001))).toBe(true);
  });

  test('keeps a content of no bytes', async () => {
    const sha256 = await take('');
    expect(await store.has(sha256, 0)).toBe(true);
    expect(await read(sha256)).toHaveLength(0);
  });

  test('lists what is there, and removes what was cut short', async () => {
    expect(await list()).toEqual([]);
    const all = [await take('one'), await take('two')].sort();
    const shard = join(folder, 'contents', 'ab');
    await mkdir(shard, { recursive: true });
    await writeFile(join(shard, `${'c'.repeat(62)}.part`), 'cut sho');
    expect(await list()).toEqual(all);
    expect(await readdir(shard)).toEqual([]);
  });

  test('has no more what was removed; whoever reads it reads on', async () => {
    const content = Buffer.alloc(2 * 1024 * 1024, 'x');
    const sha256 = await take(content);
    const reading = await store.read(sha256);
    await store.remove(sha256);
    await store.remove(sha256);
    expect(await store.has(sha256, content.length)).toBe(false);
    expect(await list()).toEqual([]);
    await expect(store.read(sha256)).rejects.toMatchObject({ code: 'ARTIFACT_LOST' });
    let bytes = 0;
    for await (const chunk of reading) bytes += chunk.length;
    expect(bytes).toBe(content.length);
  });

  test.each(['../../etc/passwd', '', NOBODY.slice(1), 'A'.repeat(64)])('refuses %j, which is no digest', async (name) => {
    await expect(store.read(name)).rejects.toMatchObject({ code: 'ARTIFACT_STORE_FAILED' });
    await expect(store.has(name, 1)).rejects.toMatchObject({ code: 'ARTIFACT_STORE_FAILED' });
  });

  test('says so when there is no file to take', async () => {
    await expect(store.take(NOBODY, join(folder, 'nothing'))).rejects.toMatchObject({ code: 'ARTIFACT_STORE_FAILED' });
    expect(await store.has(NOBODY, 0)).toBe(false);
  });
});
