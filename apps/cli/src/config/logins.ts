import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { SkepError } from '@skep/protocol';
import { z } from 'zod';

const Logins = z.object({
  queen: z.string().optional().describe('The queen that was logged in to last.'),
  tokens: z.record(z.string(), z.string()).default({}).describe('The token for each queen, by its address.'),
});

/** What `skep login` keeps for this user. */
export type Logins = z.infer<typeof Logins>;

type Env = Readonly<Record<string, string | undefined>>;

/** Where it is kept: `skep/logins.json` in the user's folder of configuration. */
export const loginsPath = (env: Env): string => join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'skep', 'logins.json');

/** An address of a queen as its token is kept under: with no slash at its end. */
export const loginKey = (url: string): string => url.replace(/\/+$/, '');

/** @throws {SkepError} INVALID_CONFIG if the file is there and cannot be read */
export async function readLogins(env: Env): Promise<Logins> {
  const path = loginsPath(env);
  try {
    return Logins.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { tokens: {} };
    throw new SkepError('INVALID_CONFIG', `${path} cannot be read`, { cause, hint: `Remove it, and log in again with \`skep login\`.` });
  }
}

/** Keeps them in place of what was kept, readable by this user alone. @throws the system error */
export async function writeLogins(env: Env, logins: Logins): Promise<void> {
  const path = loginsPath(env);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const next = `${path}.${process.pid}`;
  await writeFile(next, `${JSON.stringify(logins, null, 2)}\n`, { mode: 0o600 });
  await rename(next, path);
}
