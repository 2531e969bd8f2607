import { chmodSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { openDataFolder, socketPath } from '../src/dataFolder.js';
import { droneIdOf } from '../src/supervisor/identity.js';
import { lockDataFolder } from '../src/supervisor/lockDataFolder.js';
import { VERSION } from '../src/version.js';
import { TempFolder } from './helpers/waiting.js';

const made: string[] = [];
afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

describe('a data folder', () => {
  test('is for nobody but its owner', () => {
    using temp = new TempFolder();
    const folder = openDataFolder(join(temp.path, 'data'));
    for (const path of [folder.path, folder.spool, folder.run, folder.log]) expect(statSync(path).mode & 0o077).toBe(0);
  });

  test('with a long path has its sockets elsewhere, and always at the same place', async () => {
    using temp = new TempFolder();
    const long = join(temp.path, 'x'.repeat(120));
    const folder = openDataFolder(long);
    made.push(folder.run);
    expect(Buffer.byteLength(socketPath(folder, 'supervisor'))).toBeLessThanOrEqual(100);
    expect(openDataFolder(long).run).toBe(folder.run);
    const lock = await lockDataFolder(folder);
    await expect(lockDataFolder(openDataFolder(long))).rejects.toMatchObject({ code: 'DATA_IN_USE' });
    lock.release();
  });

  test.each([
    ['open to others', (run: string) => chmodSync(run, 0o755)],
    [
      'a link to elsewhere',
      (run: string) => {
        rmSync(run, { recursive: true });
        symlinkSync('/', run);
      },
    ],
  ])('does not put its sockets into a folder that is %s', (_, spoil) => {
    using temp = new TempFolder();
    const long = join(temp.path, 'x'.repeat(120));
    const { run } = openDataFolder(long);
    made.push(run);
    spoil(run);
    expect(() => openDataFolder(long)).toThrow(expect.objectContaining({ code: 'INVALID_CONFIG' }));
  });

  test('that was released can be taken again, and its drone has the id that it had', async () => {
    using temp = new TempFolder();
    const folder = openDataFolder(temp.path);
    const id = droneIdOf(folder);
    (await lockDataFolder(folder)).release();
    (await lockDataFolder(folder)).release();
    expect(droneIdOf(folder)).toBe(id);
  });
});

test('the version that a drone says is that of its package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(VERSION).toBe(version);
});
