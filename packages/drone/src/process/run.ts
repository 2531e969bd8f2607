import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { type CommandEnd, notStarted } from './commandEnd.js';
import { killTree } from './kill.js';

/** A process to start. */
export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** All variables that it sees. */
  readonly env: Readonly<Record<string, string>>;
  /** Finds all that its attempt started, in whatever group (see Tree). */
  readonly marker: string;
  /** Finds what it started itself. */
  readonly ownMarker: string;
}

export interface RunOptions {
  readonly onOutput: (stream: 'stdout' | 'stderr', bytes: Buffer) => void;
  /** Ends the process and all that its attempt started; what it says by then is still reported. */
  readonly signal: AbortSignal;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly graceMs: number;
}

/** How long outputs may stay open when the process itself has ended: something it started in the background holds them. */
const PIPES_OPEN_MS = 2_000;

/** How long the outputs of processes that are gone may take to be read to their end. */
const LAST_WORDS_MS = 1_000;

/**
 * Runs one process in a group of its own, with no input, to the end of it and of its outputs.
 * Never throws: a program that cannot be started has an ending too.
 */
export async function run(program: Program, { onOutput, signal, graceMs }: RunOptions): Promise<CommandEnd> {
  const { file, args, cwd, env, marker, ownMarker } = program;
  const child = execa(file, args, {
    cwd,
    env,
    extendEnv: false,
    stdin: 'ignore',
    buffer: false,
    detached: true,
    cleanup: false,
    reject: false,
  });
  child.stdout.on('data', (bytes: Buffer) => onOutput('stdout', bytes));
  child.stderr.on('data', (bytes: Buffer) => onOutput('stderr', bytes));
  const closed = Promise.all([child.stdout, child.stderr].map((stream) => new Promise((resolve) => stream.once('close', resolve))));
  const leaders = child.pid === undefined ? [] : [child.pid];

  let killing: Promise<unknown> = Promise.resolve();
  const end = (ofMarker: string, withGraceMs: number): void => {
    killing = Promise.all([killing, killTree({ leaders, marker: ofMarker }, withGraceMs)]).then(async () => {
      // Its last words are still in the pipes. What is left after them has hidden itself or cannot die, and is not waited for.
      await Promise.race([closed, sleep(LAST_WORDS_MS, undefined, { ref: false })]);
      child.stdout.destroy();
      child.stderr.destroy();
    });
  };
  const stop = (): void => end(marker, graceMs);
  let pipes: NodeJS.Timeout | undefined;
  child.once('exit', () => {
    pipes = setTimeout(end, PIPES_OPEN_MS, ownMarker, Math.min(graceMs, PIPES_OPEN_MS));
  });
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  try {
    const result = await child;
    if (result.exitCode !== undefined) return { kind: 'exited', exitCode: result.exitCode };
    if (result.signal !== undefined) return { kind: 'killed', signal: result.signal };
    // Starting in a folder that is not there fails as a missing program does.
    if (result.code === 'ENOENT' && !existsSync(cwd)) return { kind: 'not-started', exitCode: 126, why: `${cwd}: no such folder` };
    return notStarted(
      { message: result.originalMessage ?? 'unknown reason', ...(result.code !== undefined && { code: result.code }) },
      file,
    );
  } finally {
    clearTimeout(pipes);
    signal.removeEventListener('abort', stop);
    await killing;
  }
}
