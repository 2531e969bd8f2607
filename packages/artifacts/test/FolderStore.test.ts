import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { FolderStore } from '../src/index.js';
import { describeContentStore, list, take } from './describeContentStore.js';

describeContentStore('a folder', (folder) => new FolderStore(join(folder, 'contents')));

test('a folder loses what was cut short when it is listed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'skep-contents-'));
  try {
    const store = new FolderStore(join(folder, 'contents'));
    expect(await list(store)).toEqual([]);
    const all = [await take(store, folder, 'one'), await take(store, folder, 'two')].sort();
    const shard = join(folder, 'contents', 'ab');
    await mkdir(shard, { recursive: true });
    await writeFile(join(shard, `${'c'.repeat(62)}.part`), 'cut sho');
    expect(await list(store)).toEqual(all);
    expect(await readdir(shard)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
