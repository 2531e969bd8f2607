import { cp, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { safeName } from '../safeName.js';

type Done = (error?: Error | null) => void;

/** Strider's cache: `get` and `update` copy a folder from and to a place of this name, which is kept between attempts. */
export interface Cachier {
  (sub: string): Cachier;
  get(key: string, dest: string, done: Done): void;
  get(dest: string, done: Done): void;
  update(key: string, from: string, done: Done): void;
  update(from: string, done: Done): void;
  readonly base: string;
}

/** An entry that nobody has used for so long is removed when another is kept. */
const UNUSED_MS = 30 * 24 * 3600_000;

let copies = 0;

/** @param base the folder of this cache; names below it cannot leave it, whatever a branch is called */
export function cachier(base: string): Cachier {
  const with3 =
    (act: (entry: string, folder: string) => Promise<void>) =>
    (...args: unknown[]): void => {
      const [key, folder, done] = (args.length === 2 ? ['', ...args] : args) as [string, string, Done];
      act(join(base, 'entries', safeName(String(key))), folder).then(
        () => done(null),
        (error: Error) => done(error),
      );
    };
  const child = (sub: string): Cachier => cachier(join(base, safeName(sub)));
  return Object.assign(child, { get: with3(restore), update: with3(keep), base }) as Cachier;
}

async function restore(entry: string, folder: string): Promise<void> {
  await stat(entry).catch(() => {
    throw new Error(`Source does not exist: ${entry}`);
  });
  await rm(folder, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  try {
    await cp(entry, folder, { recursive: true, verbatimSymlinks: true });
  } catch (error) {
    // It was replaced meanwhile: half of a folder is worse than none.
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const now = new Date();
  await utimes(entry, now, now).catch(() => undefined);
}

/** Others may read the entry or write it at the same time: it changes in one step. */
async function keep(entry: string, folder: string): Promise<void> {
  await stat(folder).catch(() => {
    throw new Error(`Source does not exist: ${folder}`);
  });
  const copy = `${entry}~${process.pid}.${++copies}`;
  try {
    await mkdir(dirname(entry), { recursive: true });
    await cp(folder, copy, { recursive: true, verbatimSymlinks: true });
    const old = `${copy}.old`;
    await rename(entry, old).catch(() => undefined);
    // Whoever was faster has kept the same just now.
    await rename(copy, entry).catch(() => undefined);
    await rm(old, { recursive: true, force: true });
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
  await removeUnused(dirname(entry));
}

async function removeUnused(entries: string): Promise<void> {
  const before = Date.now() - UNUSED_MS;
  for (const name of await readdir(entries)) {
    const usedAt = await stat(join(entries, name)).catch(() => undefined);
    if (usedAt && usedAt.mtimeMs < before) await rm(join(entries, name), { recursive: true, force: true });
  }
}
