import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Member } from '@skep/pool';
import { executorSocketName, pidInSocketPath } from '../dataFolder.js';
import type { AbortReason } from '../executor/AttemptContext.js';
import { type AttemptKey, type Condition, FromExecutor, type RunOrder, type ToExecutor } from '../executor/executorMessages.js';
import { JsonLines } from '../executor/JsonLines.js';
import { connectTo } from './connectTo.js';
import { type ExecutorLimits, wornBy } from './wornBy.js';

/** How long an executor may take until it listens, and until it greets: one that is frozen never does. */
const START_MS = 20_000;
const HELLO_MS = 15_000;
/** How long an idle one may take to leave. */
const LEAVE_MS = 5_000;
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
  /** The path of the socket of that name. */
  socketPath(name: string): string;
  /** Where its own output goes: a file descriptor. */
  readonly log: number;
  readonly limits: ExecutorLimits;
}

/** The supervisor's end of the connection to one executor process. */
export class Executor implements Member {
  running: AttemptKey | undefined;
  pid = 0;
  readonly #path: string;
  #condition: Condition = { version: '', ageMs: 0, attempts: 0, memoryBytes: 0 };
  #conditionAt = performance.now();
  readonly #limits: ExecutorLimits;
  readonly #socket: Socket;
  readonly #listener: ExecutorListener;
  readonly #lines: JsonLines<FromExecutor, ToExecutor>;
  #isReleased = false;
  #greeted: (() => void) | undefined;

  private constructor(path: string, socket: Socket, limits: ExecutorLimits, listener: ExecutorListener) {
    this.#path = path;
    this.#limits = limits;
    this.#socket = socket;
    this.#listener = listener;
    this.#lines = new JsonLines<FromExecutor, ToExecutor>(socket, FromExecutor, (message) => this.#take(message));
  }

  /** Starts a process in a session of its own, so that it outlives us. @throws {Error} if it does not come up */
  static async start({ entry, dataDir, id, socketPath, log, limits }: ExecutorCommand, listener: ExecutorListener): Promise<Executor> {
    // Jobs can read the environment of the process they descend from.
    const { SKEP_TOKEN: _, ...env } = process.env;
    const child = spawn(process.execPath, [entry, dataDir, id], { detached: true, stdio: ['ignore', log, log], env });
    child.unref();
    const ended = endOf(child);
    const path = socketPath(executorSocketName(id, child.pid ?? 0));
    try {
      const executor = new Executor(path, await connectWhenUp(path, ended), limits, listener);
      await executor.#greeting(() => Promise.race([ended, sleep(EXIT_MS, 'without a word', { ref: false })]));
      return executor;
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    }
  }

  /**
   * Takes over one that another supervisor started; one that does not greet within 15 s is killed.
   * @returns `undefined` if it is dead, its socket removed
   */
  static async adopt(socketPath: string, limits: ExecutorLimits, listener: ExecutorListener): Promise<Executor | undefined> {
    try {
      const executor = new Executor(socketPath, await connectTo(socketPath), limits, listener);
      await executor.#greeting(async () => 'without a word');
      return executor;
    } catch (error) {
      // Nobody listens there any more, or who did was killed just now.
      if (['ECONNREFUSED', undefined].includes((error as NodeJS.ErrnoException).code)) rmSync(socketPath, { force: true });
      return undefined;
    }
  }

  get ageMs(): number {
    return this.#condition.ageMs + performance.now() - this.#conditionAt;
  }

  /** Whether it can be given an attempt. */
  get isFree(): boolean {
    return !this.running && !this.#condition.isSpent;
  }

  get use(): Member['use'] {
    return this.running ? 'busy' : 'idle';
  }

  get hasServed(): boolean {
    return this.#condition.attempts > 0;
  }

  /** As it was after its last attempt; one that has run none is fresh, however large the program is by itself. */
  get worn(): string | undefined {
    return wornBy({ ...this.#condition, ageMs: this.ageMs }, this.#limits);
  }

  run(order: RunOrder): void {
    this.running = { id: order.job.id, attempt: order.job.attempt };
    this.#lines.send({ run: order });
  }

  cancel({ code, message }: AbortReason): void {
    if (this.running) this.#lines.send({ cancel: { ...this.running, code, message } });
  }

  /** Lets its attempt know that the drone is about to leave. */
  tellDraining(): void {
    if (this.running) this.#lines.send({ draining: true });
  }

  /** Lets it leave when it is idle. */
  retire(): void {
    this.#lines.send({ retire: true });
  }

  /** Lets it leave now that it is idle. Its end is not told to the listener; if it does not leave, it is killed. */
  async leave(): Promise<void> {
    this.#isReleased = true;
    if (this.#socket.destroyed) return;
    this.retire();
    const late = setTimeout(() => this.kill(), LEAVE_MS).unref();
    await new Promise((resolve) => this.#socket.once('close', resolve));
    clearTimeout(late);
  }

  /** Lets it go on without us. */
  release(): void {
    this.#isReleased = true;
    this.#socket.destroySoon();
  }

  kill(): void {
    // As long as its socket is open the pid is its own, also before it said so.
    const pid = this.pid || pidInSocketPath(this.#path);
    if (pid === undefined || this.#socket.destroyed) return;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone meanwhile, which is what was wanted.
    }
  }

  #take(message: FromExecutor): void {
    if ('spooled' in message) this.#listener.spooled(message.spooled);
    else if ('ended' in message) {
      const { condition, ...key } = message.ended;
      this.running = undefined;
      this.#seen(condition);
      this.#listener.ended(this, key);
    } else {
      this.pid = message.hello.pid;
      this.running = message.hello.running;
      this.#seen(message.hello.condition);
      this.#greeted?.();
    }
  }

  #seen(condition: Condition): void {
    this.#condition = condition;
    this.#conditionAt = performance.now();
  }

  /** Settles when it has greeted; from then on its end is told to the listener. */
  #greeting(howEnded: () => Promise<string>): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.kill();
        this.#socket.destroy();
      }, HELLO_MS);
      this.#greeted = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#socket.once('close', async () => {
        clearTimeout(timer);
        if (this.pid === 0) reject(new Error('an executor did not greet'));
        else if (!this.#isReleased) {
          const how = await howEnded();
          rmSync(this.#path, { force: true });
          this.#listener.gone(this, how);
        }
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
