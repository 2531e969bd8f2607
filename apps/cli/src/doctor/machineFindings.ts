import { execFile } from 'node:child_process';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Finding, note, ok, wrong } from './Finding.js';

const PROGRAM_MS = 5000;
const GIB = 1024 ** 3;

export interface MachineAsked {
  /** The data folder of a drone here. */
  dataDir: string;
  minFreeBytes: number;
}

/** Whether this machine could be a drone: its folder, its disk, and the programs that fetch sources. */
export async function* machineFindings({ dataDir, minFreeBytes }: MachineAsked): AsyncGenerator<Finding, void, void> {
  yield* folderFindings(dataDir, minFreeBytes);
  const git = await versionOf('git');
  yield git === undefined ? wrong('git', 'not found on the PATH', 'install git: jobs with a repository need it') : ok('git', git);
  const hg = await versionOf('hg');
  yield hg === undefined ? note('hg', 'not found on the PATH', 'install mercurial, if jobs have repositories of its kind') : ok('hg', hg);
}

async function* folderFindings(dataDir: string, minFreeBytes: number): AsyncGenerator<Finding, void, void> {
  const probe = join(dataDir, `.doctor-${process.pid}`);
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await writeFile(probe, 'x');
    await rm(probe);
  } catch (error) {
    return yield wrong('data folder', `${dataDir}: ${(error as Error).message}`, 'give another with --data or SKEP_DATA');
  }
  yield ok('data folder', `${dataDir} can be written to`);
  const { bavail, bsize } = await statfs(dataDir);
  const free = bavail * bsize;
  const words = `${(free / GIB).toFixed(1)} GiB free`;
  yield free < minFreeBytes
    ? wrong('disk', `${words}, less than minFreeBytes (${minFreeBytes})`, 'make room: a drone takes no jobs below that')
    : ok('disk', words);
}

async function versionOf(program: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(program, ['--version'], { timeout: PROGRAM_MS });
    return stdout.split('\n', 1)[0];
  } catch {
    return undefined;
  }
}
