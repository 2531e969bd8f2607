import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process that lives (not a zombie), as far as its family is told from it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Whether its environment says that it belongs to what is looked for. */
  readonly marked: boolean;
}

/**
 * The processes of this machine.
 * @param marker text to look for in their environment, such as `SKEP_LEASE=4f2a.`
 * @param isOfInterest pids that are worth a look; all if absent
 */
export const listProcesses = (marker: string | undefined, isOfInterest?: (pid: number) => boolean): ProcessEntry[] =>
  process.platform === 'linux' ? fromProc(marker, isOfInterest) : fromPs(marker, isOfInterest);

/** The pids of this machine, in no order. */
export const listPids = (): number[] => (process.platform === 'linux' ? procPids() : fromPs(undefined).map(({ pid }) => pid));

const procPids = (): number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0);

function fromProc(marker: string | undefined, isOfInterest: (pid: number) => boolean = () => true): ProcessEntry[] {
  return procPids()
    .filter(isOfInterest)
    .flatMap((pid) => procEntry(pid, marker) ?? []);
}

function procEntry(pid: number, marker: string | undefined): ProcessEntry | undefined {
  const stat = readProc(pid, 'stat')?.toString('latin1');
  if (stat === undefined) return undefined;
  // The name stands in parentheses and may hold any character, so what follows is counted from the last one.
  const [state, parent, group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ', 4);
  if (state === 'Z' || state === 'X') return undefined;
  const marked = marker !== undefined && (readProc(pid, 'environ')?.includes(marker) ?? false);
  return { pid, parent: Number(parent), group: Number(group), session: Number(session), marked };
}

/** Undefined where the process is gone meanwhile, or belongs to somebody else. */
function readProc(pid: number, file: string): Buffer | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`);
  } catch {
    return undefined;
  }
}

/** Where there is no /proc: `ps -E` shows the environment of one's own processes behind their arguments (macOS). */
function fromPs(marker: string | undefined, isOfInterest: (pid: number) => boolean = () => true): ProcessEntry[] {
  const lines = execFileSync('ps', ['-A', '-E', '-ww', '-o', 'pid=,ppid=,pgid=,stat=,command='], {
    encoding: 'latin1',
    maxBuffer: 256 * 1024 * 1024,
  });
  return lines.split('\n').flatMap((line) => {
    const [, pid, parent, group, state, command] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined || state?.startsWith('Z') || !isOfInterest(Number(pid))) return [];
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        session: 0,
        marked: marker !== undefined && command?.includes(marker) === true,
      },
    ];
  });
}
