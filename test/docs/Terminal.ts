import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** What a command says that stays up once it is ready. */
const READY = /^skep queen ready at|^skep drone .* ready|in a browser; Ctrl-C ends everything/m;

const isRunning = ({ exitCode, signalCode }: ChildProcess) => exitCode === null && signalCode === null;

/** What a command printed; `exitCode` is null while it stays up. */
export interface Printed {
  output: string;
  exitCode: number | null;
}

/** A port on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address ? address.port : 0;
}

/** Runs what a page shows as a reader would, with `skep` in PATH and everything of its own in one folder. */
export class Terminal {
  readonly #running: ChildProcess[] = [];
  readonly #folder: string;
  readonly #skep: string;

  constructor(folder: string, skep: string) {
    this.#folder = folder;
    this.#skep = join(folder, 'bin');
    mkdirSync(this.#skep, { recursive: true });
    writeFileSync(join(this.#skep, 'skep'), `#!/bin/sh\nexec '${process.execPath}' '${skep}' "$@"\n`);
    chmodSync(join(this.#skep, 'skep'), 0o755);
  }

  /** Runs a command in a folder; resolved when it ends, or when it says that it is ready and stays up. */
  async run(command: string, cwd: string, port: number, data: string): Promise<Printed> {
    const env = { ...process.env, PATH: `${this.#skep}:${process.env.PATH}`, NO_COLOR: '1' };
    const settings = { SKEP_PORT: String(port), SKEP_QUEEN: `http://127.0.0.1:${port}`, SKEP_DATA: join(this.#folder, data) };
    // In a group of its own, so that all that it starts can be ended with it.
    const child = spawn('/bin/sh', ['-c', command], {
      cwd,
      env: { ...env, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#running.push(child);
    let output = '';
    return await new Promise((done) => {
      const take = (text: string) => {
        output += text;
        if (READY.test(output) && isRunning(child) && !/--demo|run demo/.test(command)) done({ output, exitCode: null });
      };
      child.stdout.setEncoding('utf8').on('data', take);
      child.stderr.setEncoding('utf8').on('data', take);
      child.on('close', (exitCode) => done({ output, exitCode: exitCode ?? 128 }));
    });
  }

  /** Ends what stays up, the last started first. */
  async close(): Promise<void> {
    for (const child of this.#running.reverse().filter(isRunning)) {
      const ended = new Promise((done) => child.once('exit', done));
      process.kill(-(child.pid ?? 0), 'SIGTERM');
      await ended;
    }
  }
}
