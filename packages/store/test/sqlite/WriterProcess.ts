import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./writeForEver.mjs', import.meta.url));

/** A process of its own that commits job after job, and is killed without warning. */
export class WriterProcess {
  /** What it said, a line for each job: its number, then a code if it could not be committed. */
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  readonly #stdout: Readable;
  #rest = '';

  /** @param limits for `ulimit`, in front of everything */
  constructor(dataDir: string, chunkBytes = 100, limits = '-c 0') {
    const argv = ['-c', `ulimit ${limits}; exec "$0" "$@"`, process.execPath, script, dataDir, String(chunkBytes)];
    const child = spawn('sh', argv, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    this.#stdout = child.stdout;
    this.#stdout.on('data', (data: Buffer) => {
      const lines = (this.#rest + data.toString()).split('\n');
      this.#rest = lines.pop() ?? '';
      this.lines.push(...lines);
    });
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('The process could not be started');
    return this.#child.pid;
  }

  /** Jobs that are durable, by number. */
  get acknowledged(): number[] {
    return this.lines.filter((line) => !line.includes(' ')).map(Number);
  }

  /** Waits until what it said meets a condition. */
  async until(isMet: () => boolean): Promise<void> {
    const ended = new AbortController();
    const onExit = () => ended.abort(new Error('The process ended by itself'));
    this.#child.once('exit', onExit);
    while (!isMet()) await once(this.#stdout, 'data', ended);
    this.#child.off('exit', onExit);
  }

  /** kill -9, and everything read that it said before. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGKILL');
    await closed;
  }
}
