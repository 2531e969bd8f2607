import { setTimeout as sleep } from 'node:timers/promises';
import { listProcesses, type ProcessEntry } from './processTable.js';

/** Which processes are meant: those of these leaders' groups and sessions, those that bear the marker, and all that descend from them. */
export interface Tree {
  /** Pids that lead a group and session of their own. */
  readonly leaders?: readonly number[];
  /** Text in the environment of each process of the tree, such as `SKEP_LEASE=4f2a.`; it also finds those that left group and session. */
  readonly marker?: string;
  /** Pids that may belong to it; all if absent. */
  readonly isOfInterest?: (pid: number) => boolean;
}

/** How long SIGKILL may take: a process inside a system call that does not end (a dead disk) cannot be helped. */
const SIGKILL_MS = 5_000;

/**
 * Ends a tree of processes: SIGTERM to all, up to `graceMs` for them to go, then SIGKILL until none is left. Processes
 * that double-forked, called setsid or closed their outputs are found by the marker.
 * @returns the pids that are still there 5 s after SIGKILL; empty in all but broken cases
 */
export async function killTree(tree: Tree, graceMs: number): Promise<number[]> {
  const asked = new Set<number>();
  const termUntil = performance.now() + graceMs;
  const killUntil = termUntil + SIGKILL_MS;
  for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, 100)) {
    const alive = findTree(tree);
    const now = performance.now();
    if (alive.length === 0 || now > killUntil) return alive;
    const hard = now >= termUntil;
    for (const pid of alive) {
      // SIGTERM once each: a second one means "at once" to many programs, and would take their grace away.
      if (hard || !asked.has(pid)) send(pid, hard ? 'SIGKILL' : 'SIGTERM');
      asked.add(pid);
    }
    await sleep(hard ? Math.min(pauseMs, 20) : Math.min(pauseMs, Math.max(1, termUntil - now)));
  }
}

/** The pids of a tree, none of them this process or one of its ancestors. */
export function findTree({ leaders = [], marker, isOfInterest }: Tree): number[] {
  const processes = listProcesses(marker, isOfInterest);
  const family = new Set(leaders);
  const found = new Set<number>();
  const take = ({ pid }: ProcessEntry): void => {
    found.add(pid);
    family.add(pid);
  };
  for (const entry of processes)
    if (entry.marked || family.has(entry.pid) || family.has(entry.group) || family.has(entry.session)) take(entry);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const entry of processes) if (!found.has(entry.pid) && family.has(entry.parent)) take(entry);
  }
  for (const pid of [process.pid, process.ppid]) found.delete(pid);
  return [...found];
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone meanwhile, which is what was wanted.
  }
}
