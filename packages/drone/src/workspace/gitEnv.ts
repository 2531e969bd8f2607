import type { Address } from './address.js';
import { sshCommand } from './sshCommand.js';
import { withSecretFolder } from './withSecretFolder.js';

/** Settings for every git that runs here: no clean-up beside a running checkout, nothing run that a repository or template brings. */
const settings: readonly (readonly [string, string])[] = [
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['core.hooksPath', '/dev/null'],
  ['advice.detachedHead', 'false'],
  ['init.defaultBranch', 'main'],
];
/** Answers git from variables of its own environment, which no argument list shows. */
const helper = '!f() { test "$1" = get && printf "username=%s\\npassword=%s\\n" "$SKEP_GIT_USERNAME" "$SKEP_GIT_PASSWORD"; }; f';

/**
 * Does something with an environment in which git may enter the repository. Credentials are never in an argument list or
 * in a file of git; a key is in a file only its owner can read, which is removed at the end. A password is told only to
 * the host that it is for, not to those that submodules or redirects lead to.
 * @param base what git sees besides
 * @param tmp a folder of the attempt
 */
export function withGitEnv<T>(
  address: Address,
  base: Readonly<Record<string, string>>,
  tmp: string,
  perform: (env: Record<string, string>) => Promise<T>,
): Promise<T> {
  return withSecretFolder(tmp, async (folder) => perform({ ...base, ...gitEnv(address, await sshCommand(address.sshKey, folder)) }));
}

function gitEnv({ url, protocols, https }: Address, ssh: string): Record<string, string> {
  const credentials: [string, string][] = [];
  if (https) {
    const { origin } = new URL(url);
    // The empty one forgets the helpers of the drone's owner: they would be asked first, and told to keep what is given.
    credentials.push(['credential.helper', ''], [`credential.${origin}.helper`, helper]);
  }
  const all = [...settings, ...credentials];
  return {
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: protocols.join(':'),
    GIT_SSH_COMMAND: ssh,
    GIT_CONFIG_COUNT: String(all.length),
    ...Object.fromEntries(
      all.flatMap(([key, value], at) => [
        [`GIT_CONFIG_KEY_${at}`, key],
        [`GIT_CONFIG_VALUE_${at}`, value],
      ]),
    ),
    ...(https && { SKEP_GIT_USERNAME: https.username, SKEP_GIT_PASSWORD: https.password }),
  };
}
