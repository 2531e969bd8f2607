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
  /** Finds what it started, in whatever group (see Tree). */
  readonly marker: string;
}

export interface RunOptions {
  readonly onOutput: (stream: 'stdout' | 'stderr', bytes: Buffer) => void;
  /** Ends the process and all that it started; what it says by then is still reported. */
  readonly signal: AbortSignal;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly graceMs: number;
}

/** How long outputs may stay open when the process itself has ended: something it started in the background holds them. */
const PIPES_OPEN_MS = 2_000;

/**
 * Runs one process in a group of its own, with no input, to the end of it and of its outputs.
 * Never throws: a program that cannot be started has an ending too.
 */
export async function run(program: Program, { onOutput, signal, graceMs }: RunOptions): Promise<CommandEnd> {
  const { file, args, cwd, env, marker } = program;
  const child = execa(file, args, { cwd, env, extendEnv: false, stdin: 'ignore', buffer: false, detached: true, cleanup: false, reject: false });
  child.stdout.on('data', (bytes: Buffer) => onOutput('stdout', bytes));
  child.stderr.on('data', (bytes: Buffer) => onOutput('stderr', bytes));
  const tree = { leaders: child.pid === undefined ? [] : [child.pid], marker };

  let killing: Promise<void> | undefined;
  const end = (withGraceMs: number): void => {
    killing ??= killTree(tree, withGraceMs).then(() => {
      // What is left has hidden itself or cannot die; its output is not waited for.
      child.stdout.destroy();
      child.stderr.destroy();
    });
  };
  const stop = (): void => end(graceMs);
  let pipes: NodeJS.Timeout | undefined;
  child.once('exit', () => {
    pipes = setTimeout(end, PIPES_OPEN_MS, Math.min(graceMs, PIPES_OPEN_MS));
  });
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  try {
    const result = await child;
    if (result.exitCode !== undefined) return { kind: 'exited', exitCode: result.exitCode };
    if (result.signal !== undefined) return { kind: 'killed', signal: result.signal };
    return notStarted({ message: result.originalMessage ?? 'unknown reason', ...(result.code !== undefined && { code: result.code }) }, file);
  } finally {
    clearTimeout(pipes);
    signal.removeEventListener('abort', stop);
    await killing;
  }
}
