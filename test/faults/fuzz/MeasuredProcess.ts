import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { QueenOptions } from '@skep/queen';
import { tempDir } from '../../helpers/tempDir.js';

export interface Memory {
  rss: number;
  heapUsed: number;
  external: number;
  arrayBuffers: number;
}

/** A queen of its own process and folder, so that its memory and its death can be told from the test's. */
export class QueenProcess implements AsyncDisposable {
  #said = '';

  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly folder: AsyncDisposable,
  ) {
    child.stderr?.on('data', (data: Buffer) => {
      this.#said = (this.#said + data.toString()).slice(0, 10_000);
    });
  }

  static async start(options: Omit<QueenOptions, 'dataDir' | 'log'> = {}): Promise<QueenProcess> {
    const folder = await tempDir();
    const script = fileURLToPath(new URL('./queen.mjs', import.meta.url));
    const child = fork(script, [JSON.stringify({ ...options, dataDir: folder.path })], {
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const ended = new AbortController();
    child.once('exit', () => ended.abort(new Error('The queen did not start')));
    const [{ url }] = (await once(child, 'message', { signal: ended.signal })) as [{ url: string }];
    return new QueenProcess(url, child, folder);
  }

  /** What it logged as an error, and its last words. */
  get said(): string {
    return this.#said;
  }

  /** Waits for something. @throws why the queen is no more, if it ends before */
  async whileAlive<T>(waited: Promise<T>): Promise<T> {
    const over = new AbortController();
    const death = once(this.child, 'close', { signal: over.signal }).then(() => {
      throw new Error(`The queen ended: ${this.#said}`);
    });
    try {
      return await Promise.race([waited, death]);
    } catch (error) {
      // What was waited for may have failed first, for the same reason.
      if (this.#isDead) throw new Error(`The queen ended: ${this.#said}`, { cause: error });
      throw error;
    } finally {
      over.abort();
      death.catch(() => undefined);
    }
  }

  /** What it holds, with or without what could be collected. */
  async memory(): Promise<Memory> {
    const told = once(this.child, 'message');
    this.child.send('memory');
    const [memory] = (await this.whileAlive(told)) as [Memory];
    return memory;
  }

  get #isDead(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isDead) {
      const closed = once(this.child, 'close');
      this.child.kill('SIGKILL');
      await closed;
    }
    await this.folder[Symbol.asyncDispose]();
  }
}
