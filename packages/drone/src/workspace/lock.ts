import { mkdir, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, thisProcess } from './liveness.js';

const POLL_MS = 50;
const FREE = 'free';
let taken = 0;

/**
 * Does something while no other process of this machine that asks for the same lock does; a process that is killed
 * holds nothing.
 *
 * The lock is a folder of numbered links that lead nowhere: what they say is what they point to. A link appears with what
 * it says, and needs no room on a disk that is full. Whoever made the one with the highest number holds the lock, as long
 * as it names a living process; giving it back names none. To take it is to make the next number, which the file system
 * allows to one alone. The highest is never removed, so that nobody can take a number a second time.
 * @param signal ends the wait
 */
export async function withLock<T>(folder: string, signal: AbortSignal, perform: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true });
  let held = await take(folder);
  while (held === undefined) {
    await sleep(POLL_MS, undefined, { signal });
    held = await take(folder);
  }
  try {
    return await perform();
  } finally {
    await giveBack(folder, held);
  }
}

async function giveBack(folder: string, held: string): Promise<void> {
  const free = join(folder, `.${process.pid}.${taken++}`);
  await symlink(FREE, free);
  await rename(free, held);
}

/** @returns the link that holds the lock for us, or undefined if somebody else has it */
async function take(folder: string): Promise<string | undefined> {
  const numbers = await numbersIn(folder);
  const highest = numbers.at(-1) ?? 0;
  if (highest > 0 && isAlive(await readlink(join(folder, String(highest))).catch(() => FREE))) return undefined;
  const next = join(folder, String(highest + 1));
  try {
    await symlink(thisProcess(), next);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
  // Others may have gone further, and removed what was the highest, since it was read.
  if ((await numbersIn(folder)).at(-1) !== highest + 1) {
    await rm(next, { force: true });
    return undefined;
  }
  for (const older of numbers) await rm(join(folder, String(older)), { force: true });
  return next;
}

const numbersIn = async (folder: string): Promise<number[]> =>
  (await readdir(folder))
    .map(Number)
    .filter((number) => number > 0)
    .sort((a, b) => a - b);
