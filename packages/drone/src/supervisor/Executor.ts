import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AbortReason } from '../executor/AttemptContext.js';
import { type AttemptKey, FromExecutor, type RunOrder, type ToExecutor } from '../executor/executorMessages.js';
import { JsonLines } from '../executor/JsonLines.js';
import { connectTo } from './connectTo.js';

/** How long an executor may take until it listens, and until it greets. */
const START_MS = 20_000;
const HELLO_MS = 5_000;
/** How long after its connection the process itself may be there: then we know its exit code. */
const EXIT_MS = 1_000;

export interface ExecutorListener {
  spooled(key: AttemptKey): void;
  ended(executor: Executor, key: AttemptKey): void;
  /** It is no more, and with it what it ran; `how` says how it ended. */
  gone(executor: Executor, how: string): void;
}

export interface ExecutorCommand {
  readonly entry: string;
  readonly dataDir: string;
  readonly id: string;
  readonly socketPath: string;
  /** Where its own output goes: a file descriptor. */
  readonly log: number;
}

/** The supervisor's end of the connection to one executor process. */
export class Executor {
  running: AttemptKey | undefined;
  pid = 0;
  readonly startedAt: number = performance.now();
  readonly #socket: Socket;
  readonly #listener: ExecutorListener;
  readonly #lines: JsonLines<FromExecutor, ToExecutor>;
  #isReleased = false;
  #greeted: (() => void) | undefined;

  private constructor(socket: Socket, listener: ExecutorListener) {
    this.#socket = socket;
    this.#listener = listener;
    this.#lines = new JsonLines<FromExecutor, ToExecutor>(socket, FromExecutor, (message) => this.#take(message));
  }

  /** Starts a process in a session of its own, so that it outlives us. @throws {Error} if it does not come up */
  static async start({ entry, dataDir, id, socketPath, log }: ExecutorCommand, listener: ExecutorListener): Promise<Executor> {
    // Jobs can read the environment of the process they descend from.
    const { SKEP_TOKEN: _, ...env } = process.env;
    const child = spawn(process.execPath, [entry, dataDir, id], { detached: true, stdio: ['ignore', log, log], env });
    child.unref();
    const ended = endOf(child);
    const executor = new Executor(await connectWhenUp(socketPath, ended), listener);
    await executor.#greeting(() => Promise.race([ended, sleep(EXIT_MS, 'without a word', { ref: false })]));
    return executor;
  }

  /** Takes over one that another supervisor started. @returns `undefined` if it is dead, its socket removed */
  static async adopt(socketPath: string, listener: ExecutorListener): Promise<Executor | undefined> {
    try {
      const executor = new Executor(await connectTo(socketPath), listener);
      await executor.#greeting(async () => 'without a word');
      return executor;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') rmSync(socketPath, { force: true });
      return undefined;
    }
  }

  run(order: RunOrder): void {
    this.running = { id: order.job.id, attempt: order.job.attempt };
    this.#lines.send({ run: order });
  }

  cancel({ code, message }: AbortReason): void {
    if (this.running) this.#lines.send({ cancel: { ...this.running, code, message } });
  }

  /** Lets it leave when it is idle. */
  retire(): void {
    this.#lines.send({ retire: true });
  }

  /** Lets it go on without us. */
  release(): void {
    this.#isReleased = true;
    this.#socket.destroySoon();
  }

  kill(): void {
    try {
      process.kill(this.pid, 'SIGKILL');
    } catch {
      // Gone meanwhile, which is what was wanted.
    }
  }

  #take(message: FromExecutor): void {
    if ('spooled' in message) this.#listener.spooled(message.spooled);
    else if ('ended' in message) {
      this.running = undefined;
      this.#listener.ended(this, message.ended);
    } else {
      this.pid = message.hello.pid;
      this.running = message.hello.running;
      this.#greeted?.();
    }
  }

  /** Settles when it has greeted; from then on its end is told to the listener. */
  #greeting(howEnded: () => Promise<string>): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#socket.destroy(), HELLO_MS);
      this.#greeted = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#socket.once('close', async () => {
        clearTimeout(timer);
        if (this.pid === 0) reject(new Error('an executor did not greet'));
        else if (!this.#isReleased) this.#listener.gone(this, await howEnded());
      });
    });
  }
}

async function connectWhenUp(path: string, ended: Promise<string>): Promise<Socket> {
  let how: string | undefined;
  void ended.then((words) => {
    how = words;
  });
  for (const until = performance.now() + START_MS; performance.now() < until; ) {
    if (how !== undefined) throw new Error(`it ended ${how}`);
    const socket = await connectTo(path).catch(() => undefined);
    if (socket) return socket;
    await sleep(10);
  }
  throw new Error(`nothing listened within ${START_MS / 1000} s`);
}

async function endOf(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = await once(child, 'exit');
    return signal ? `by ${signal}` : `with exit code ${code}`;
  } catch (error) {
    return `before it began: ${(error as Error).message}`;
  }
}
