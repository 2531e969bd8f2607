import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether the process runs; one that has ended and was not yet waited for does not. */
export const isAlive = (pid: number): boolean => stateOf(pid)?.startsWith('Z') === false;

/** The children of this process, also those that have ended and were not waited for. */
export const children = (): number[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, name]) => Number(parent) === process.pid && name !== 'ps')
    .map(([pid]) => Number(pid));

function stateOf(pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

/** Waits for a condition. @throws {Error} that names what did not come */
export async function until(isSo: () => boolean, what: string, ms = 20_000): Promise<void> {
  for (const end = performance.now() + ms; !isSo(); await sleep(10))
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
}
