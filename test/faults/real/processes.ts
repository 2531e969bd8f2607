import { readdirSync, readFileSync } from 'node:fs';

/** A process that lives. */
export interface LiveProcess {
  readonly pid: number;
  readonly command: string;
}

/** Living processes whose environment holds this text; nothing where there is no /proc. */
export function processesWith(text: string): LiveProcess[] {
  const pids = readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid);
  return pids.flatMap((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/environ`).includes(text)) return [];
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      if ('ZX'.includes(stat.slice(stat.lastIndexOf(')') + 2)[0] ?? '')) return [];
      return [{ pid, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() }];
    } catch {
      // Gone meanwhile, or somebody else's.
      return [];
    }
  });
}

/** Signals a process that may be gone meanwhile. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone, which is no concern of whoever signals.
  }
}
