import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SkepError } from '@skep/protocol';

/** A unix socket's address has room for about 104 bytes on the systems we run on. */
const MAX_SOCKET_PATH_BYTES = 100;
/** That of an executor; pids have up to 7 digits. */
const LONGEST_SOCKET = 'x0000.4194304.sock';

/** The places in a drone's data folder that supervisor and executors share. */
export interface DataFolder {
  readonly path: string;
  readonly spool: string;
  /** Sockets live here: in the data folder, or where its name is too long in a folder of ours beside the temporary files. */
  readonly run: string;
  readonly log: string;
}

/**
 * The data folder, made if it is not there, for nobody but its owner.
 * @throws {SkepError} INVALID_CONFIG if its sockets would lie in a folder that somebody else made
 */
export function openDataFolder(dataDir: string): DataFolder {
  const path = resolve(dataDir);
  const folder = { path, spool: join(path, 'spool'), run: runFolder(path), log: join(path, 'log') };
  for (const each of Object.values(folder)) mkdirSync(each, { recursive: true, mode: 0o700 });
  if (!folder.run.startsWith(path)) checkIsOurs(folder.run);
  return folder;
}

/** The socket of an executor; its pid can be read from it. */
export const executorSocketName = (id: string, pid: number): string => `${id}.${pid}`;

/** The pid in the path of an executor's socket. */
export const pidInSocketPath = (path: string): number | undefined => Number(/\.(\d+)\.sock$/.exec(path)?.[1]) || undefined;

export const socketPath = (folder: DataFolder, name: string): string => join(folder.run, `${name}.sock`);

function runFolder(path: string): string {
  const run = join(path, 'run');
  if (Buffer.byteLength(join(run, LONGEST_SOCKET)) <= MAX_SOCKET_PATH_BYTES) return run;
  return join(tmpdir(), `skep-${createHash('sha256').update(path).digest('hex').slice(0, 16)}`);
}

/** Everybody can make folders among the temporary files, also one of the name that we are about to use. */
function checkIsOurs(run: string): void {
  const stat = lstatSync(run);
  if (stat.isDirectory() && (process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & 0o077) === 0))) return;
  throw new SkepError('INVALID_CONFIG', `${run} belongs to somebody else`, { hint: 'Give a --data folder with a shorter path.' });
}
