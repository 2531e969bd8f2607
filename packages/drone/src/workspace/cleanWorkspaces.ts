import { readdir, readFile, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './liveness.js';
import { withLock } from './lock.js';
import { mirrorLock, reposFolder } from './mirror.js';
import { OWNER_FILE, removeFolder, workFolder } from './Workspace.js';

/** A mirror that nothing was checked out from for so long is removed. */
const MIRROR_MS = 30 * 24 * 3600_000;
/** One that was used just now may be on its way into a checkout, so it stays however full the disk is. */
const MIRROR_FRESH_MS = 3600_000;

/** A workspace without an owner may be about to get one. */
const UNOWNED_MS = 60_000;

export interface CleanOptions {
  readonly dataDir: string;
  /** Workspaces that dead processes left are removed at this age, in milliseconds. */
  readonly maxAgeMs: number;
  /** While less of the disk is free, mirrors are removed, those unused for longest first. */
  readonly minFreeBytes: number;
}

/**
 * Removes what is no longer needed of a drone's data folder. Workspaces of living executors, and the mirrors that they
 * refer to, stay.
 * @returns the paths that were removed
 */
export async function cleanWorkspaces({ dataDir, maxAgeMs, minFreeBytes }: CleanOptions): Promise<string[]> {
  const removed = await removeLeft(workFolder(dataDir), maxAgeMs);
  const inUse = await mirrorsInUse(workFolder(dataDir));
  for (const { path, ageMs } of await mirrors(dataDir)) {
    const isWanted = ageMs < MIRROR_FRESH_MS || inUse.has(path);
    if (isWanted || (ageMs < MIRROR_MS && (await freeBytes(dataDir)) >= minFreeBytes)) continue;
    await withLock(mirrorLock(path), AbortSignal.timeout(10_000), () => removeFolder(path));
    removed.push(path);
  }
  return removed;
}

async function removeLeft(work: string, maxAgeMs: number): Promise<string[]> {
  const removed: string[] = [];
  for (const { path, ageMs } of await entriesOf(work)) {
    const owner = await readFile(join(path, OWNER_FILE), 'utf8').catch(() => undefined);
    if (owner === undefined && ageMs < UNOWNED_MS) continue;
    if (isAlive(owner ?? '')) continue;
    // Of a checkout that was killed, the key may still lie in its temporary files: those go at once.
    const left = ageMs < maxAgeMs ? join(path, 'tmp') : path;
    await removeFolder(left);
    removed.push(left);
  }
  return removed;
}

/** The mirrors, those unused for longest first. */
async function mirrors(dataDir: string): Promise<Entry[]> {
  const entries = await entriesOf(reposFolder(dataDir));
  return entries.filter(({ path }) => /\.(git|hg)$/.test(path)).sort((a, b) => b.ageMs - a.ageMs);
}

async function mirrorsInUse(work: string): Promise<Set<string>> {
  const used = (await entriesOf(work)).map(({ path }) => readFile(join(path, 'code/.git/objects/info/alternates'), 'utf8').catch(() => ''));
  const lines = (await Promise.all(used)).flatMap((text) => text.split('\n').filter(Boolean));
  return new Set(lines.map((line) => line.replace(/\/objects\/?$/, '')));
}

interface Entry {
  readonly path: string;
  /** Milliseconds since it was changed. */
  readonly ageMs: number;
}

async function entriesOf(folder: string): Promise<Entry[]> {
  const names = await readdir(folder).catch(() => []);
  // File times and this clock are of the same machine.
  const now = performance.timeOrigin + performance.now();
  const entries = names.map(async (name) => {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    return found?.isDirectory() ? [{ path, ageMs: now - found.mtimeMs }] : [];
  });
  return (await Promise.all(entries)).flat();
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
