import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AssignedJob, Ref, Repo } from '@skep/protocol';
import { type Address, addressOf, bareUrl } from './address.js';
import { checkoutHg } from './checkoutHg.js';
import { checkoutTarball } from './checkoutTarball.js';
import { exists } from './exists.js';
import { gitIn } from './git.js';
import { withGitEnv } from './gitEnv.js';
import { bringMirror, mirrorPath } from './mirror.js';

export interface CheckoutOptions {
  readonly repo: Repo;
  readonly ref: AssignedJob['ref'];
  readonly dataDir: string;
  /** The empty folder to fill. */
  readonly folder: string;
  /** A folder of the attempt for what must not outlive the checkout. */
  readonly tmp: string;
  /** What git sees of the environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * Fills a folder with the sources.
 * @returns the id of the commit; of a tarball its SHA-256
 * @throws what went wrong, in the last words of git or hg
 */
export async function checkout(options: CheckoutOptions): Promise<string> {
  const { repo, ref } = options;
  const address = addressOf(repo);
  if (!address) throw new Error(`no address of a repository that can be entered: ${bareUrl(repo.url)}`);
  for (const name of namesIn(ref)) if (/^\+?-/.test(name)) throw new Error(`a name must not begin with -: ${name}`);
  if (repo.vcs === 'tarball') return checkoutTarball(address, options);
  return repo.vcs === 'hg' ? checkoutHg(address, options) : checkoutGit(address, options);
}

/**
 * Fills a folder with the sources of a git repository, submodules included. Objects stay in the mirror and are only referred
 * to, so it costs little more than writing the files. `origin` is the address without credentials.
 */
function checkoutGit(address: Address, { ref, dataDir, folder, tmp, env, signal }: CheckoutOptions): Promise<string> {
  return withGitEnv(address, env, tmp, async (gitEnv) => {
    const mirror = mirrorPath(dataDir, address.url);
    const commit = await bringMirror(mirror, { url: address.url, ref }, gitEnv, signal);
    await mkdir(folder, { recursive: true });
    const git = gitIn(folder, gitEnv, signal);
    // From the mirror on this disk, whatever the other side speaks.
    await gitIn(folder, { ...gitEnv, GIT_ALLOW_PROTOCOL: 'file' }, signal)('clone', '--shared', '--no-checkout', '--', mirror, '.');
    await setOrigin(join(folder, '.git/config'), address.url);
    await git('checkout', '--detach', commit);
    if (await exists(join(folder, '.gitmodules'))) await git('submodule', 'update', '--init', '--recursive');
    return commit;
  });
}

/** What `git remote set-url` does, without a process for it. */
async function setOrigin(config: string, url: string): Promise<void> {
  const quoted = `"${url.replace(/["\\]/g, '\\$&')}"`;
  await writeFile(
    config,
    (await readFile(config, 'utf8')).replace(/^\turl = .*$/m, () => `\turl = ${quoted}`),
  );
}

const namesIn = (ref: Ref = { fetch: 'HEAD' }): string[] => [ref.fetch, ref.branch, ref.id].filter((name) => typeof name === 'string');

/** The checkout as a command line for people. */
export function checkoutText({ url, vcs = 'git' }: Repo, ref: Ref | undefined): string {
  if (vcs === 'tarball') return `unpack ${bareUrl(url)}`;
  const what = vcs === 'hg' && !ref ? 'default' : namesIn(ref).at(-1);
  return `${vcs} checkout ${what} (${bareUrl(url)})`;
}
