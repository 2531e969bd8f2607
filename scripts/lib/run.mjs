import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

/** The folder of the repository. */
export const root = resolve(import.meta.dirname, '../..');

/** Says what is going on, on stderr: stdout is for results. */
export const say = (text) => process.stderr.write(`skep: ${text}\n`);

/** What went wrong, and what to do about it. */
export class Failure extends Error {
  constructor(message, next) {
    super(message);
    this.next = next;
  }
}

/** Runs a script; where it fails, says why, and ends with exit code 1. */
export async function main(script) {
  try {
    await script();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    tell(error);
    process.exitCode = 1;
  }
}

/** Says what went wrong, and on a line of its own what to do about it. */
export function tell({ message, next }) {
  say(message);
  if (next) process.stderr.write(`      ${next}\n`);
}

/** The path of a program that the installed packages brought along. */
export const tool = (name) => resolve(root, 'node_modules/.bin', name);

/**
 * Runs a program in the repository's folder to its end, without input.
 * @param options.quiet keep its output, and hand it back instead of showing it
 * @returns {Promise<{ code: number, output: string }>} 127 if there is no such program, 128 if a signal ended it
 */
export function run(program, args, { quiet = false, env = {} } = {}) {
  return new Promise((done) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
      // npm warns about settings that it does not know, such as those of pnpm; nobody who builds Skep can do anything about them.
      env: { ...process.env, npm_config_loglevel: 'error', npm_config_update_notifier: 'false', npm_config_fund: 'false', ...env },
    });
    let output = '';
    child.stdout?.on('data', (text) => (output += text));
    child.stderr?.on('data', (text) => (output += text));
    child.on('error', ({ message }) => done({ code: 127, output: `${program}: ${message}\n` }));
    child.on('close', (code) => done({ code: code ?? 128, output }));
  });
}
