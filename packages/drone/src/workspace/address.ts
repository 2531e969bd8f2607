import type { Repo } from '@skep/protocol';

/** Where a repository is, and what opens it, apart from each other. */
export interface Address {
  /** Without credentials: fit for argument lists, `.git/config` and people. */
  readonly url: string;
  /** Protocols that git may speak on the way, also for submodules. */
  readonly protocols: readonly string[];
  readonly https?: { readonly username: string; readonly password: string };
  readonly sshKey?: string;
}

const remote = ['http', 'https', 'ssh', 'git'];

/** The address without name and password; over ssh the name stays, as it is part of the address. */
export const bareUrl = (url: string): string => url.replace(/^(https?:\/\/)[^/@]*@/i, '$1').replace(/^(ssh:\/\/[^/@:]*):[^/@]*@/i, '$1@');

/**
 * The address of a repository: `http(s)://`, `ssh://`, `git://`, `file://`, `name@host:path`, or an absolute path.
 * Submodules of a repository that comes over the network may not lead to files of this machine.
 * @returns undefined for anything else: helper protocols such as `ext::` run programs, and `-` begins an option
 */
export function addressOf({ url, auth }: Repo): Address | undefined {
  const credentials = {
    ...(auth?.type === 'https' && { https: { username: auth.username, password: auth.password } }),
    ...(auth?.type === 'ssh' && { sshKey: auth.key }),
  };
  if (/^\/(?!\/)/.test(url) || /^file:\/\/\//i.test(url)) return { url, protocols: [...remote, 'file'] };
  if (/^(ssh|git):\/\/[^-/]/i.test(url)) return { url: bareUrl(url), protocols: remote, ...credentials };
  if (/^https?:\/\/[^-/]/i.test(url)) return { url: bareUrl(url), protocols: remote, ...inUrl(url), ...credentials };
  if (/^([\w.~+][\w.~+-]*@)?[A-Za-z0-9][\w.-]*:(?!:|\/\/)\S/.test(url)) return { url, protocols: remote, ...credentials };
  return undefined;
}

function inUrl(url: string): Pick<Address, 'https'> {
  if (!URL.canParse(url)) return {};
  const { username, password } = new URL(url);
  return username === '' && password === '' ? {} : { https: { username: decoded(username), password: decoded(password) } };
}

/** A part of an address as it is meant; one that is badly encoded as it stands. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
