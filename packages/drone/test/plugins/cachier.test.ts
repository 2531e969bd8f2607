import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type Cachier, cachier } from '../../src/plugins/strider/cachier.js';
import { TempFolder } from '../helpers/waiting.js';

const update = (cache: Cachier, key: string, from: string): Promise<unknown> => new Promise((done) => cache.update(key, from, done));
const get = (cache: Cachier, key: string, dest: string): Promise<unknown> => new Promise((done) => cache.get(key, dest, done));

function aFolderWith(path: string, text: string): string {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'file'), text);
  return path;
}

test('an entry that is replaced while others take it is whole for each of them, or not there', async () => {
  using folder = new TempFolder();
  const cache = cachier(join(folder.path, 'cache'));
  const sources = ['one', 'two', 'three'].map((text) => aFolderWith(join(folder.path, text), text));
  await update(cache, 'k', sources[0]!);
  const writes = sources.map((source) => update(cache, 'k', source));
  const reads = Array.from({ length: 10 }, async (_, n) => {
    const dest = join(folder.path, `dest-${n}`);
    const error = await get(cache, 'k', dest);
    return error ? undefined : readFileSync(join(dest, 'file'), 'utf8');
  });
  expect(await Promise.all(writes)).toEqual([null, null, null]);
  for (const text of await Promise.all(reads)) expect([undefined, 'one', 'two', 'three']).toContain(text);
  expect(await get(cache, 'k', join(folder.path, 'last'))).toBeNull();
  expect(readdirSync(join(folder.path, 'cache/entries'))).toEqual(['k']);
});

test('an entry that was not used for a month goes when another is kept', async () => {
  using folder = new TempFolder();
  const cache = cachier(join(folder.path, 'cache'));
  const source = aFolderWith(join(folder.path, 'source'), 'x');
  for (const key of ['old', 'used', 'new']) {
    await update(cache, key, source);
    const longAgo = new Date(Date.now() - 40 * 24 * 3600_000);
    if (key !== 'new') utimesSync(join(folder.path, 'cache/entries', key), longAgo, longAgo);
    if (key === 'used') await get(cache, key, join(folder.path, 'dest'));
  }
  expect(readdirSync(join(folder.path, 'cache/entries')).sort()).toEqual(['new', 'used']);
});
