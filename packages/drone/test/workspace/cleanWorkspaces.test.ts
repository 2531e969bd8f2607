import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { cleanWorkspaces } from '../../src/workspace/cleanWorkspaces.js';
import { makeWorkspace, removeFolder } from '../../src/workspace/Workspace.js';
import { aFolder } from '../executor/helpers.js';

const DAY_MS = 24 * 3600_000;
const dead = '4194305 1';

function setAge(path: string, ageMs: number): void {
  const at = (performance.timeOrigin + performance.now() - ageMs) / 1000;
  utimesSync(path, at, at);
}

function aWorkspace(dataDir: string, name: string, owner: string, ageMs: number): string {
  const path = join(dataDir, 'work', name);
  mkdirSync(join(path, 'tmp'), { recursive: true });
  mkdirSync(join(path, 'code/.git/objects/info'), { recursive: true });
  writeFileSync(join(path, 'owner'), owner);
  setAge(path, ageMs);
  return path;
}

function aMirror(dataDir: string, name: string, ageMs: number): string {
  const path = join(dataDir, 'repos', `${name}.git`);
  mkdirSync(path, { recursive: true });
  setAge(path, ageMs);
  return path;
}

const clean = (dataDir: string, minFreeBytes = 0): Promise<string[]> => cleanWorkspaces({ dataDir, maxAgeMs: DAY_MS, minFreeBytes });

describe('cleanWorkspaces', () => {
  test('removes what dead processes left long ago, and of what they left lately the temporary files', async () => {
    await using folder = await aFolder();
    const old = aWorkspace(folder.path, 'old.1', dead, 2 * DAY_MS);
    const lately = aWorkspace(folder.path, 'lately.1', dead, 1000);
    await makeWorkspace(folder.path, { id: 'live', attempt: 1 });
    setAge(join(folder.path, 'work/live.1'), 2 * DAY_MS);
    expect((await clean(folder.path)).sort()).toEqual([join(lately, 'tmp'), old]);
    expect(readdirSync(join(folder.path, 'work')).sort()).toEqual(['lately.1', 'live.1']);
  });

  test('removes mirrors that were not used for 30 days', async () => {
    await using folder = await aFolder();
    const old = aMirror(folder.path, 'old', 31 * DAY_MS);
    aMirror(folder.path, 'used', 29 * DAY_MS);
    expect(await clean(folder.path)).toEqual([old]);
  });

  test('with too little room removes all mirrors but those in use, the oldest first', async () => {
    await using folder = await aFolder();
    const second = aMirror(folder.path, 'second', 2 * DAY_MS);
    const first = aMirror(folder.path, 'first', 3 * DAY_MS);
    const fresh = aMirror(folder.path, 'fresh', 1000);
    const inUse = aMirror(folder.path, 'in-use', 4 * DAY_MS);
    const workspace = aWorkspace(folder.path, 'live.1', `${process.pid} `, 0);
    writeFileSync(join(workspace, 'code/.git/objects/info/alternates'), `${inUse}/objects\n`);
    expect((await clean(folder.path, Number.MAX_SAFE_INTEGER)).filter((path) => path.endsWith('.git'))).toEqual([first, second]);
    expect([existsSync(fresh), existsSync(inUse)]).toEqual([true, true]);
  });

  test('of a data folder that has nothing yet removes nothing', async () => {
    await using folder = await aFolder();
    expect(await clean(join(folder.path, 'nothing'))).toEqual([]);
  });
});

test('a folder that forbids writing is removed all the same', async () => {
  await using folder = await aFolder();
  const locked = join(folder.path, 'locked');
  mkdirSync(join(locked, 'inner'), { recursive: true });
  writeFileSync(join(locked, 'inner/file'), '');
  const { chmodSync } = await import('node:fs');
  chmodSync(join(locked, 'inner'), 0o500);
  await removeFolder(locked);
  expect(existsSync(locked)).toBe(false);
});
