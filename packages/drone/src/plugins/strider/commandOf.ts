import { resolve } from 'node:path';
import type { Command } from '@skep/protocol';
import { parse } from 'shell-quote';

/** A command as Strider's plugins give it, ready to run. */
export interface StriderCommand {
  readonly command: Exclude<Command, string>;
  readonly silent: boolean;
}

interface Given {
  cmd?: unknown;
  command?: unknown;
  args?: unknown[];
  screen?: string;
  cwd?: string;
  env?: Record<string, unknown>;
  silent?: boolean;
}

/**
 * Reads `'program words'`, `{command, args?, screen?}` or `{cmd: either, cwd?, env?, silent?}`. A line is cut into words as a
 * shell would, with its variables, and runs without one.
 * @param cwd where it runs unless it says otherwise
 * @param env what variables in a line stand for
 * @throws {Error} if it is no command, or a line that only a shell can run
 */
export function commandOf(given: unknown, cwd: string, env: Readonly<Record<string, string>>): StriderCommand {
  const outer: Given = typeof given === 'object' && given !== null ? (given as Given) : { cmd: given };
  const inner = (outer.cmd ?? outer) as Given | string;
  const { command: line, args, screen } = typeof inner === 'string' ? { command: inner } : inner;
  if (typeof line !== 'string' || line.trim() === '') throw new Error('a command must be a text, or an object with one');
  const variables = Object.entries(outer.env ?? {}).filter(([, value]) => value !== undefined && value !== null);
  const own = Object.fromEntries(variables.map(([name, value]) => [name, String(value)]));
  const [file, ...words] = args ? [line, ...args.map(String)] : wordsOf(line, { ...env, ...own });
  if (file === undefined) throw new Error('a command must be a text, or an object with one');
  const command = {
    command: file,
    args: words,
    cwd: resolve(cwd, outer.cwd ?? '.'),
    env: own,
    ...(screen && { screencmd: String(screen) }),
  };
  return { command, silent: outer.silent === true };
}

function wordsOf(line: string, env: Readonly<Record<string, string>>): string[] {
  return parse(line, (name) => env[name] ?? '').flatMap((entry) => {
    if (typeof entry === 'string') return [entry];
    if ('comment' in entry) return [];
    if (entry.op === 'glob') return [entry.pattern];
    throw new Error(`${entry.op} needs a shell, and Strider's plugins have none: give {command: 'sh', args: ['-e', '-c', ...]}`);
  });
}
