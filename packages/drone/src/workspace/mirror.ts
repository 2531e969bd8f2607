import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ref } from '@skep/protocol';
import { exists } from './exists.js';
import { type Git, GitFailure, gitIn } from './git.js';
import { withLock } from './lock.js';

const fullId = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

export const reposFolder = (dataDir: string): string => join(dataDir, 'repos');

/** The bare copy of a repository: one for each address, whoever's credentials open it. */
export const mirrorPath = (dataDir: string, url: string, vcs: 'git' | 'hg' = 'git'): string =>
  join(reposFolder(dataDir), `${createHash('sha256').update(url).digest('hex').slice(0, 32)}.${vcs}`);

/** The lock of a mirror stands beside it, so that the mirror can be removed under it. */
export const mirrorLock = (mirror: string): string => `${mirror}.lock`;

export interface Wanted {
  readonly url: string;
  /** The default branch if absent. */
  readonly ref: Ref | undefined;
}

/**
 * Brings a mirror so far that it has what is wanted; a commit that it has costs no word to the other side. One process
 * at a time does so; checkouts from the mirror go on meanwhile, as nothing in it is ever tidied away.
 * @returns the id of the commit
 * @throws {GitFailure} with git's last words
 */
export async function bringMirror(mirror: string, wanted: Wanted, env: Record<string, string>, signal: AbortSignal): Promise<string> {
  const known = await knownCommit(mirror, wanted.ref, env, signal);
  if (known !== undefined) return known;
  return withLock(mirrorLock(mirror), signal, async () => {
    await mkdir(mirror, { recursive: true });
    const git = gitIn(mirror, env, signal);
    if (!(await exists(join(mirror, 'HEAD')))) await git('init', '--bare', '.');
    await removeLeftLocks(mirror);
    const commit = (await knownCommit(mirror, wanted.ref, env, signal)) ?? (await fetchWanted(git, wanted));
    await noteUse(mirror);
    return commit;
  });
}

/** The time of the folder says when it was used last. */
export async function noteUse(mirror: string): Promise<void> {
  const now = new Date();
  await utimes(mirror, now, now);
}

/** The commit, if the mirror has it and it is named by its whole id: names may mean another one by now. */
async function knownCommit(
  mirror: string,
  ref: Ref | undefined,
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const id = idOf(ref);
  if (id === undefined || !fullId.test(id) || !(await exists(join(mirror, 'HEAD')))) return undefined;
  await noteUse(mirror);
  return gitIn(mirror, env, signal)('rev-parse', '--quiet', '--verify', '--end-of-options', `${id}^{commit}`).then(
    (found) => found.trim(),
    () => undefined,
  );
}

async function fetchWanted(git: Git, { url, ref }: Wanted): Promise<string> {
  if (ref === undefined) return fetchRef(git, url, 'HEAD', 'refs/skep/HEAD');
  if ('fetch' in ref && typeof ref.fetch === 'string') {
    const source = ref.fetch.replace(/^\+/, '').split(':', 1)[0] ?? '';
    return fetchRef(git, url, source, `refs/skep/fetched/${createHash('sha256').update(source).digest('hex').slice(0, 16)}`);
  }
  const branch = String(ref.branch);
  const id = idOf(ref);
  try {
    const newest = await fetchBranch(git, url, branch);
    return id === undefined ? newest : await resolve(git, id);
  } catch (error) {
    // The branch may be gone, or the commit no longer on it, while the other side still has the commit.
    if (id === undefined || !fullId.test(id)) throw error;
    return await fetchRef(git, url, id, `refs/skep/commits/${id}`).catch(() => {
      throw error;
    });
  }
}

/** A branch, or failing that a tag, of this name. */
async function fetchBranch(git: Git, url: string, branch: string): Promise<string> {
  if (branch.startsWith('refs/')) return fetchRef(git, url, branch, branch);
  try {
    return await fetchRef(git, url, `refs/heads/${branch}`, `refs/heads/${branch}`);
  } catch (error) {
    if (!isMissingRef(error)) throw error;
    return await fetchRef(git, url, `refs/tags/${branch}`, `refs/tags/${branch}`).catch((second: unknown) => {
      throw isMissingRef(second) ? error : second;
    });
  }
}

async function fetchRef(git: Git, url: string, source: string, target: string): Promise<string> {
  await git('fetch', '--no-auto-gc', '--no-write-fetch-head', '--', url, `+${source}:${target}`);
  return resolve(git, target);
}

const isMissingRef = (error: unknown): boolean => error instanceof GitFailure && /couldn't find remote ref/i.test(error.message);

const resolve = async (git: Git, name: string): Promise<string> =>
  (await git('rev-parse', '--verify', '--end-of-options', `${name}^{commit}`)).trim();

const idOf = (ref: Ref | undefined): string | undefined => (ref && 'branch' in ref && typeof ref.id === 'string' ? ref.id : undefined);

/** A git that was killed leaves its lock files; whoever holds the mirror's own lock knows that they are nobody's. */
async function removeLeftLocks(mirror: string): Promise<void> {
  const left = (await readdir(mirror, { recursive: true })).filter((path) => path.endsWith('.lock') && !path.startsWith('objects/'));
  await Promise.all(left.map((path) => rm(join(mirror, path), { force: true })));
}
