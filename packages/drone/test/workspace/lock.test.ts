import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { withLock } from '../../src/workspace/lock.js';
import { aFolder } from '../executor/helpers.js';

const never = new AbortController().signal;
const entry = join(import.meta.dirname, '../../dist/workspace/lock.js');

test('one at a time, within a process', async () => {
  await using folder = await aFolder();
  let inside = 0;
  let most = 0;
  const visit = (): Promise<void> =>
    withLock(join(folder.path, 'lock'), never, async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside--;
    });
  await Promise.all(Array.from({ length: 8 }, visit));
  expect(most).toBe(1);
  expect(readdirSync(join(folder.path, 'lock'))).toHaveLength(1);
});

test('one at a time, among processes of which some are killed while they hold it', async () => {
  await using folder = await aFolder();
  const counter = join(folder.path, 'counter');
  writeFileSync(counter, '0');
  // Counts with a gap between reading and writing, in which another would be noticed; the first of them dies inside.
  const script = `
    import { readFileSync, writeFileSync } from 'node:fs';
    const { withLock } = await import(process.argv[1]);
    for (let at = 0; at < 10; at++) await withLock(process.argv[2], new AbortController().signal, async () => {
      const count = Number(readFileSync(process.argv[3]));
      await new Promise((resolve) => setTimeout(resolve, 1));
      writeFileSync(process.argv[3], String(count + 1));
      if (process.argv[4] === 'dies' && at === 2) process.kill(process.pid, 'SIGKILL');
    });`;
  const ends = ['dies', 'lives', 'lives', 'dies'].map(
    (fate) =>
      new Promise<void>((resolve) => {
        spawn(process.execPath, ['--input-type=module', '-e', script, entry, join(folder.path, 'lock'), counter, fate], {
          stdio: 'inherit',
        }).once('exit', () => resolve());
      }),
  );
  await Promise.all(ends);
  expect(readFileSync(counter, 'utf8')).toBe('26');
});

test('the lock of a process that is gone, or of another one with its pid, is free', async () => {
  await using folder = await aFolder();
  const pid = Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }));
  for (const [name, holder] of [
    ['gone', `${pid} 1`],
    ['reused', `${process.pid} 1`],
  ] as const) {
    const lock = join(folder.path, name);
    mkdirSync(lock);
    symlinkSync(holder, join(lock, '7'));
    expect(await withLock(lock, never, async () => readdirSync(lock))).toEqual(['8']);
  }
});

test('the wait ends with its signal', async () => {
  await using folder = await aFolder();
  const lock = join(folder.path, 'lock');
  await withLock(lock, never, async () => {
    await expect(withLock(lock, AbortSignal.timeout(20), async () => undefined)).rejects.toThrow();
  });
});
