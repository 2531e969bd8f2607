import { link, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, thisProcess } from './liveness.js';

const POLL_MS = 50;
let taken = 0;

/**
 * Does something while no other process of this machine that asks for the same lock does; a process that is killed
 * holds nothing.
 *
 * The lock is a folder of numbered files. Whoever made the file with the highest number holds it, as long as the file
 * names a living process; giving it back empties the file. To take it is to make the next number, which the file system
 * allows to one alone. The highest file is never removed, so that nobody can take a number a second time.
 * @param signal ends the wait
 */
export async function withLock<T>(folder: string, signal: AbortSignal, perform: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true });
  const mine = join(folder, `.${process.pid}.${taken++}`);
  await writeFile(mine, thisProcess());
  let held: string | undefined;
  try {
    while (held === undefined) {
      signal.throwIfAborted();
      held = await take(folder, mine);
      if (held === undefined) await sleep(POLL_MS, undefined, { signal });
    }
  } finally {
    await rm(mine, { force: true });
  }
  try {
    return await perform();
  } finally {
    await truncate(held);
  }
}

/** @returns the file that holds the lock for us, or undefined if somebody else has it */
async function take(folder: string, mine: string): Promise<string | undefined> {
  const numbers = await numbersIn(folder);
  const highest = numbers.at(-1) ?? 0;
  if (highest > 0 && isAlive(await readFile(join(folder, String(highest)), 'utf8').catch(() => ''))) return undefined;
  const next = join(folder, String(highest + 1));
  try {
    // A link appears with its content, a written file is empty for a moment.
    await link(mine, next);
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
