import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExecaError, execa } from 'execa';
import type { Address } from './address.js';
import { sshCommand } from './sshCommand.js';
import { withSecretFolder } from './withSecretFolder.js';

/** Runs hg with these arguments in a folder. @returns what it says; @throws {Error} with its last words */
export type Hg = (folder: string, ...args: string[]) => Promise<string>;

/** hg rolls back what it has begun when it is asked to end; so long it may take, in ms. */
const ROLLBACK_MS = 5000;

/**
 * Does something with an hg that may enter the repository, until the signal ends it. It reads no settings but ours, which
 * are in a file only its owner can read and removed at the end: hg takes a password from nowhere else that no argument
 * list shows.
 * @param base what hg sees of the environment besides
 * @param tmp a folder of the attempt
 */
export function withHg<T>(
  address: Address,
  base: Readonly<Record<string, string>>,
  tmp: string,
  signal: AbortSignal,
  perform: (hg: Hg) => Promise<T>,
): Promise<T> {
  return withSecretFolder(tmp, async (folder) => {
    const settings = join(folder, 'hgrc');
    await writeFile(settings, await settingsFor(address, folder), { mode: 0o600 });
    const env = { ...base, LC_ALL: 'C.UTF-8', HGPLAIN: '1', HGRCPATH: settings, HGENCODING: 'utf-8' };
    return perform(async (cwd, ...args) => {
      try {
        const { stdout } = await execa('hg', ['--noninteractive', ...args], {
          cwd,
          env,
          extendEnv: false,
          cancelSignal: signal,
          forceKillAfterDelay: ROLLBACK_MS,
          stdin: 'ignore',
        });
        return stdout;
      } catch (error) {
        throw new Error(wordsOf(error), { cause: error });
      }
    });
  });
}

function wordsOf(error: unknown): string {
  if (!(error instanceof ExecaError)) return String(error);
  if (error.code === 'ENOENT') return 'this drone has no hg';
  return String(error.stderr ?? '').trim() || error.shortMessage;
}

async function settingsFor({ url, https, sshKey }: Address, folder: string): Promise<string> {
  const lines = ['[ui]', `ssh = ${await sshCommand(sshKey, folder)}`];
  if (https) {
    // Told only to the host that it is for.
    lines.push('[auth]', `repo.prefix = ${new URL(url).host}`, `repo.schemes = ${new URL(url).protocol.slice(0, -1)}`);
    lines.push(`repo.username = ${oneLine(https.username)}`, `repo.password = ${oneLine(https.password)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** What follows a line end would be another setting. */
function oneLine(value: string): string {
  if (/[\r\n\0]/.test(value)) throw new Error('a name or password for hg must not hold a line end');
  return value;
}
