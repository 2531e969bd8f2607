import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Ref } from '@skep/protocol';

const exec = promisify(execFile);

/** Longer than git takes in any checkout that is in order. */
const GIT_MS = 10_000;

export interface GitCheckout {
  /** The address of its remote; undefined if it has none. */
  url: string | undefined;
  ref: Ref | undefined;
  /** What a job at HEAD's commit would not see of what is here, in words. */
  warnings: string[];
}

/**
 * What a job needs to work on the same sources as the checkout around `cwd`.
 * @returns undefined outside of any checkout, or where there is no git
 */
export async function gitCheckout(cwd: string): Promise<GitCheckout | undefined> {
  const git = async (...args: string[]): Promise<string | undefined> => {
    try {
      return (await exec('git', args, { cwd, timeout: GIT_MS, maxBuffer: 16 * 1024 * 1024 })).stdout.trim();
    } catch {
      return undefined;
    }
  };
  const root = await git('rev-parse', '--show-toplevel');
  if (root === undefined) return undefined;
  const [id, branch, remotes, changes] = await Promise.all([
    git('rev-parse', '--verify', 'HEAD'),
    git('symbolic-ref', '--short', '--quiet', 'HEAD'),
    git('remote'),
    git('status', '--porcelain'),
  ]);
  const remote = await remoteOf(git, branch, remotes?.split('\n').filter((name) => name !== '') ?? []);
  const url = remote === undefined ? undefined : await git('remote', 'get-url', remote);
  if (url === undefined || url === '')
    return { url: undefined, ref: undefined, warnings: ['this checkout has no remote, so the job gets no sources'] };
  if (id === undefined)
    return { url: undefined, ref: undefined, warnings: ['this checkout has no commit yet, so the job gets no sources'] };
  const holders = await git('branch', '--remotes', '--contains', id, '--format=%(refname)');
  const prefix = `refs/remotes/${remote}/`;
  const held = holders
    ?.split('\n')
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length));
  const warnings: string[] = [];
  if (held?.length === 0)
    warnings.push(`commit ${id.slice(0, 12)} is on no branch of ${remote} that is known here: push it, or the job may not find it`);
  const changed = changes?.split('\n').filter((line) => line !== '').length ?? 0;
  if (changed > 0)
    warnings.push(`${changed} ${changed === 1 ? 'file is' : 'files are'} changed here and not committed: the job sees the commit`);
  const name = branch ?? held?.find((each) => each !== 'HEAD') ?? 'HEAD';
  return { url: addressOf(url, root), ref: { branch: name, id }, warnings };
}

type Git = (...args: string[]) => Promise<string | undefined>;

/** The remote of the branch, else `origin`, else the first. */
async function remoteOf(git: Git, branch: string | undefined, remotes: readonly string[]): Promise<string | undefined> {
  const own = branch === undefined ? undefined : await git('config', '--get', `branch.${branch}.remote`);
  return [own, 'origin', remotes[0]].find((name) => name !== undefined && remotes.includes(name));
}

/** A remote may be a folder, named from the checkout: the drone stands elsewhere. */
const addressOf = (url: string, root: string): string => (/^\.{0,2}\//.test(url) || url === '.' || url === '..' ? resolve(root, url) : url);
