import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { CacheFolder } from '../../src/caches/CacheFolder.js';
import { aFolder } from '../executor/helpers.js';

test('of the caches on a drone, those unused for longest go when there are too many bytes; one in use just now stays', async () => {
  await using folder = await aFolder();
  const kept = new CacheFolder(folder.path, 250);
  const places = new Map<string, string>();
  for (const name of ['a', 'b', 'c']) {
    const file = join(folder.path, name);
    writeFileSync(file, 'x'.repeat(100));
    places.set(name, await kept.add(file, name));
  }
  const present = (): string[] => [...places].filter(([, path]) => existsSync(path)).map(([name]) => name);
  expect(present()).toEqual(['a', 'b', 'c']);
  const hoursAgo = (hours: number): Date => new Date(Date.now() - hours * 3600_000);
  for (const [name, path] of places) utimesSync(path, hoursAgo(9), hoursAgo({ a: 3, b: 5, c: 4 }[name] ?? 0));
  expect(await kept.find('b')).toBe(places.get('b'));
  expect(await kept.find('none')).toBeUndefined();
  const file = join(folder.path, 'd');
  writeFileSync(file, 'x'.repeat(100));
  places.set('d', await kept.add(file, 'd'));
  expect(present()).toEqual(['b', 'd']);
});
