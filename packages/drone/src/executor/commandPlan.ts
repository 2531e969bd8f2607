import { basename, isAbsolute, relative, resolve } from 'node:path';
import type { Command } from '@skep/protocol';

/** How a command is started. */
export interface CommandPlan {
  readonly file: string;
  readonly args: readonly string[];
  /** Undefined where it would lie outside the workspace. */
  readonly cwd: string | undefined;
  /** Variables of its own. */
  readonly env: Readonly<Record<string, string>>;
  /** The command as it was given, for `job:cmd:start`. */
  readonly text: string;
  readonly screencmd: string | undefined;
  readonly timeoutMs: number | undefined;
}

/** Shells that know `-e`: the first command that fails ends the line. */
const stopsOnError = new Set(['sh', 'ash', 'bash', 'dash', 'ksh', 'mksh', 'zsh']);
const defaultShell = '/bin/sh';

/**
 * How to start a command: a line runs in `/bin/sh -e`, or in the shell it names; what has `args`, or `shell: false`,
 * runs without one.
 * @param folder the folder that the command runs in, or that its `cwd` is relative to and must not leave
 */
export function planCommand(command: Command, folder: string): CommandPlan {
  if (typeof command === 'string')
    return { ...inShell(command, defaultShell), cwd: folder, env: {}, text: command, screencmd: undefined, timeoutMs: undefined };
  const { command: line, args, screencmd, cwd = '.', env = {}, timeout, shell = true } = command;
  const start =
    args !== undefined
      ? { file: line, args }
      : shell === false
        ? { file: line, args: [] }
        : inShell(line, shell === true ? defaultShell : shell);
  const text = [line, ...(args ?? [])].join(' ');
  return { ...start, cwd: inside(folder, cwd), env, text, screencmd, timeoutMs: timeout === undefined ? undefined : timeout * 1000 };
}

const inShell = (line: string, shell: string): { file: string; args: string[] } => ({
  file: shell,
  args: stopsOnError.has(basename(shell)) ? ['-e', '-c', line] : ['-c', line],
});

function inside(folder: string, path: string): string | undefined {
  const target = resolve(folder, path);
  const way = relative(folder, target);
  return way === '..' || way.startsWith('../') || isAbsolute(way) ? undefined : target;
}
