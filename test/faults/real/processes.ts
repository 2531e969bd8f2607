import { readdirSync, readFileSync } from 'node:fs';

/** A process that lives. */
export interface LiveProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Living processes whose environment holds this text; nothing where there is no /proc. */
export function processesWith(text: string): LiveProcess[] {
  const pids = readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid);
  return pids.flatMap((pid) => {
    try {
      if (!environmentOf(pid).includes(text)) return [];
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const [state = '', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ', 2);
      if ('ZX'.includes(state)) return [];
      return [{ pid, parent: Number(parent), command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() }];
    } catch {
      // Gone meanwhile, or somebody else's.
      return [];
    }
  });
}

/** The environment that a process was started with, each variable ended by a zero; empty if it is gone or somebody else's. */
export function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

/** Signals a process that may be gone meanwhile. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone, which is no concern of whoever signals.
  }
}
