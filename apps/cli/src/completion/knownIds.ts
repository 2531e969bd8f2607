import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Session } from '../Session.js';

/** A shell that waits longer feels stuck. */
const ASK_MS = 300;
/** How long an answer is good for: somebody completes several words in a row. */
const FRESH_MS = 5000;
/** How old an answer may be when the queen does not answer in time. */
const STALE_MS = 3600_000;

interface Kept {
  queen: string;
  at: number;
  words: string[];
}

/** The ids of the newest jobs, or the names of drones: from the queen within 300 ms, else those that were known last. */
export async function knownIds(session: Session, kind: 'jobs' | 'drones'): Promise<string[]> {
  const { queen } = (await session.settings()).settings;
  const folder = join(session.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'skep');
  const file = join(folder, `completion-${kind}.json`);
  const kept = await read(file, queen);
  const age = kept === undefined ? Number.POSITIVE_INFINITY : Date.now() - kept.at;
  if (kept && age < FRESH_MS) return kept.words;
  try {
    const client = await session.client(ASK_MS);
    const words =
      kind === 'jobs' ? (await client.jobs({ limit: 50 })).jobs.map(({ id }) => id) : (await client.drones()).map(({ name }) => name);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(file, JSON.stringify({ queen, at: Date.now(), words } satisfies Kept), { mode: 0o600 });
    return words;
  } catch {
    return kept && age < STALE_MS ? kept.words : [];
  }
}

async function read(file: string, queen: string): Promise<Kept | undefined> {
  try {
    const kept = JSON.parse(await readFile(file, 'utf8')) as Kept;
    return kept.queen === queen && Array.isArray(kept.words) ? kept : undefined;
  } catch {
    return undefined;
  }
}
