import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { tempDir } from '../../helpers/tempDir.js';

/** How long a process may take to leave. */
const LEAVE_MS = 15_000;

/** A queen or a drone in a process and a folder of its own, so that its memory and its death can be told from the test's. */
export class MeasuredProcess implements AsyncDisposable {
  #said = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: AsyncDisposable,
    private readonly name: string,
  ) {
    child.stderr?.on('data', (data: Buffer) => {
      this.#said = (this.#said + data.toString()).slice(0, 10_000);
    });
  }

  /** Starts a script of this folder with these options and a `dataDir`. @returns it, with its first word */
  static async start<Ready>(script: 'queen.mjs' | 'drone.mjs', options: object): Promise<MeasuredProcess & { ready: Ready }> {
    const folder = await tempDir();
    const path = fileURLToPath(new URL(`./${script}`, import.meta.url));
    const child = fork(path, [JSON.stringify({ ...options, dataDir: folder.path })], {
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const started = new MeasuredProcess(child, folder, script);
    const [ready] = (await started.whileAlive(once(child, 'message'))) as [Ready];
    return Object.assign(started, { ready });
  }

  /** What it logged as an error, and its last words. */
  get said(): string {
    return this.#said;
  }

  /** Waits for something. @throws why the process is no more, if it ends before */
  async whileAlive<T>(waited: Promise<T>): Promise<T> {
    const over = new AbortController();
    const death = once(this.child, 'exit', { signal: over.signal }).then(() => {
      throw new Error(`${this.name} ended: ${this.#said}`);
    });
    death.catch(() => undefined);
    try {
      return await Promise.race([waited, death]);
    } catch (error) {
      // What was waited for may have failed first, for the same reason.
      throw this.#isDead ? new Error(`${this.name} ended: ${this.#said}`, { cause: error }) : error;
    } finally {
      over.abort();
    }
  }

  /** What it holds when all that can be collected is. */
  async memory(): Promise<NodeJS.MemoryUsage> {
    const told = once(this.child, 'message');
    this.child.send('memory');
    const [memory] = (await this.whileAlive(told)) as [NodeJS.MemoryUsage];
    return memory;
  }

  get #isDead(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isDead) {
      const gone = once(this.child, 'exit');
      // It leaves by itself when nobody is there any more.
      this.child.disconnect();
      const tooLate = setTimeout(() => this.child.kill('SIGKILL'), LEAVE_MS);
      await gone;
      clearTimeout(tooLate);
    }
    await this.folder[Symbol.asyncDispose]();
  }
}
