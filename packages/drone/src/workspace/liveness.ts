import { readFileSync } from 'node:fs';

/** Names a process beyond the reuse of its pid: the pid and, where there is /proc, when it started. */
export const thisProcess = (): string => `${process.pid} ${startOf(process.pid)}`;

/** Whether the process that was named so is still there. */
export function isAlive(name: string): boolean {
  const [pid, start = ''] = name.trim().split(' ');
  if (!Number(pid)) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return startOf(Number(pid)) === start;
}

/** In clock ticks since the machine started; empty where that cannot be read. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
