import { constants } from 'node:os';

/** How a process ended. */
export type CommandEnd =
  | { kind: 'exited'; exitCode: number }
  | { kind: 'killed'; signal: NodeJS.Signals }
  | { kind: 'not-started'; exitCode: 126 | 127; why: string };

/** The code of an ending as shells give it: 128 + n where signal n ended the process, 127 not found, 126 not to be run. */
export const exitCodeOf = (end: CommandEnd): number => (end.kind === 'killed' ? 128 + constants.signals[end.signal] : end.exitCode);

/**
 * The ending of a process that could not be started.
 * @param error what spawning it threw
 * @param program its name, for people
 */
export function notStarted(error: { code?: string; message: string }, program: string): CommandEnd {
  if (error.code === 'ENOENT') return { kind: 'not-started', exitCode: 127, why: `${program}: command not found` };
  if (error.code === 'EACCES') return { kind: 'not-started', exitCode: 126, why: `${program}: permission denied` };
  if (error.code === 'E2BIG') return { kind: 'not-started', exitCode: 126, why: `${program}: arguments and variables are too long` };
  return { kind: 'not-started', exitCode: 126, why: `${program}: cannot be started: ${error.message}` };
}
