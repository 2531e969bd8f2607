import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { VERSION } from '../version.js';
import type { AbortReason, AttemptContext } from './AttemptContext.js';
import { type AttemptKey, type Condition, type FromExecutor, type RunOrder, ToExecutor } from './executorMessages.js';
import { JsonLines } from './JsonLines.js';
import { runOrder } from './runOrder.js';

/** How long an idle executor waits for a supervisor to take it over. */
const ORPHAN_MS = 10 * 60_000;
/** How long a new one waits for the supervisor that started it, which tries all the time. */
const UNCLAIMED_MS = 5_000;

export interface ExecutorOptions {
  readonly dataDir: string;
  readonly socketPath: string;
  /** Performs one attempt. */
  readonly run: (context: AttemptContext) => Promise<void>;
  /** Called when the process may end, with its exit code. */
  readonly left: (code: number) => void;
  readonly orphanMs?: number;
}

/**
 * An executor: runs one attempt after another for whichever supervisor is connected, and goes on with its attempt
 * while none is.
 */
export class ExecutorServer {
  readonly #options: ExecutorOptions;
  readonly #server: Server;
  #supervisor: { socket: Socket; lines: JsonLines<ToExecutor, FromExecutor> } | undefined;
  #running: { key: AttemptKey; abort: AbortController; draining: AbortController } | undefined;
  #attempts = 0;
  #wasClaimed = false;
  #isRetiring = false;
  #isSpent = false;
  #spooledSoon = false;
  #orphanTimer: NodeJS.Timeout | undefined;

  constructor(options: ExecutorOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#adopted(socket));
  }

  /** Begins to listen. */
  listen(): void {
    this.#server.on('error', (error) => {
      console.error(error);
      this.#options.left(1);
    });
    this.#server.listen(this.#options.socketPath, () => this.#orphaned());
  }

  /** Leaves as soon as no attempt runs. */
  retire(): void {
    this.#isRetiring = true;
    this.#running?.draining.abort();
    if (this.#running) return;
    this.#server.close();
    rmSync(this.#options.socketPath, { force: true });
    this.#options.left(0);
  }

  #adopted(socket: Socket): void {
    this.#supervisor?.socket.destroy();
    clearTimeout(this.#orphanTimer);
    this.#wasClaimed = true;
    const lines = new JsonLines<ToExecutor, FromExecutor>(socket, ToExecutor, (message) => this.#take(message));
    this.#supervisor = { socket, lines };
    socket.on('drain', () => this.#tellSpooled());
    socket.on('close', () => {
      if (this.#supervisor?.socket !== socket) return;
      this.#supervisor = undefined;
      this.#orphaned();
    });
    lines.send({ hello: { pid: process.pid, ...(this.#running && { running: this.#running.key }), condition: this.#condition() } });
  }

  #orphaned(): void {
    if (this.#supervisor || this.#running || this.#isRetiring) return;
    clearTimeout(this.#orphanTimer);
    const { orphanMs = ORPHAN_MS } = this.#options;
    this.#orphanTimer = setTimeout(() => this.retire(), this.#wasClaimed ? orphanMs : UNCLAIMED_MS);
  }

  #take(message: ToExecutor): void {
    if ('retire' in message) this.retire();
    else if ('draining' in message) this.#running?.draining.abort();
    else if ('cancel' in message) {
      const { id, attempt, code, message: words } = message.cancel;
      if (this.#running?.key.id !== id || this.#running.key.attempt !== attempt) return;
      this.#running.abort.abort({ code, message: words } satisfies AbortReason);
    } else if (this.#running) this.#options.left(1);
    else void this.#run(message.run);
  }

  async #run(order: RunOrder): Promise<void> {
    const key = { id: order.job.id, attempt: order.job.attempt };
    const abort = new AbortController();
    const draining = new AbortController();
    this.#running = { key, abort, draining };
    const { dataDir, run } = this.#options;
    try {
      await runOrder(order, {
        dataDir,
        signal: abort.signal,
        draining: draining.signal,
        spent: () => {
          this.#isSpent = true;
        },
        run,
        spooled: () => this.#spooled(),
      });
    } catch (error) {
      // The spool cannot be written. The supervisor ends it when it finds us gone.
      console.error(error);
      return this.#options.left(1);
    }
    this.#running = undefined;
    this.#attempts += 1;
    this.#supervisor?.lines.send({ ended: { ...key, condition: this.#condition() } });
    if (this.#isRetiring) this.retire();
    else this.#orphaned();
  }

  #condition(): Condition {
    const { memoryUsage, uptime } = process;
    return { version: VERSION, ageMs: uptime() * 1000, attempts: this.#attempts, memoryBytes: memoryUsage.rss(), isSpent: this.#isSpent };
  }

  #spooled(): void {
    if (this.#spooledSoon) return;
    this.#spooledSoon = true;
    setImmediate(() => {
      this.#spooledSoon = false;
      this.#tellSpooled();
    });
  }

  /** A supervisor that reads slowly is told again when it has caught up: the spool itself holds what it missed. */
  #tellSpooled(): void {
    if (!this.#running || !this.#supervisor || this.#supervisor.lines.isCongested) return;
    this.#supervisor.lines.send({ spooled: this.#running.key });
  }
}
