import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOST_ARGUMENT } from './hostArgument.js';
import { type CommandRequest, FromHost, type StepEnd, type StepKind, type ToHost } from './messages.js';

/** How long the process may take to leave once its plugins are done: its own second, and time to start and to stop. */
const LEAVE_MS = 5_000;
/** How long Strider gives an `init`, and we a configuration to be checked. */
export const INIT_MS = 2_000;
/** How long a module may take to be loaded, with the process itself for the first of them. */
const LOAD_MS = 15_000;

/** So many messages may wait for the process. */
const MAX_UNREAD = 256;

/** A plugin did what ends an attempt as `errored`. */
export class PluginFault extends Error {
  constructor(
    readonly code: 'plugin-failed' | 'plugin-config' | 'plugin-timeout' | 'plugin-left-open',
    plugin: string,
    what: string,
  ) {
    super(`plugin ${plugin}: ${what}`);
  }
}

export interface HostListener {
  command(request: CommandRequest): void;
  contributes(given: Extract<FromHost, { contributed: unknown }>['contributed']): void;
  said(said: Extract<FromHost, { said: unknown }>['said']): void;
  hears(): void;
  /** What the plugins write to the outputs of their process. */
  output(stream: 'stdout' | 'stderr', bytes: Buffer): void;
}

export interface HostOptions {
  /** The script of executors, which is that of this process too. */
  readonly entry: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds that a plugin may neither end, nor run a command, nor say anything. */
  readonly timeoutMs: number;
}

export interface StepOptions {
  readonly num: number;
  readonly plugin: number;
  /** For people. */
  readonly name: string;
  readonly kind: StepKind;
  readonly env: Readonly<Record<string, string>>;
}

/** Starts the process that user's modules run in. It has a channel to us and ends when we do. */
export const startHost = ({
  entry,
  cwd,
  env,
}: Pick<HostOptions, 'entry' | 'cwd'> & { env: Readonly<Record<string, string | undefined>> }): ChildProcess =>
  fork(entry, [HOST_ARGUMENT], { cwd, env, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });

/**
 * The executor's end of the process in which the plugins of one attempt run. Foreign code never runs in an executor, so
 * whatever it does there ends with the attempt, and the executor goes on to the next.
 */
export class PluginHost {
  readonly #child: ChildProcess;
  readonly #options: HostOptions;
  readonly #gone: Promise<string>;
  #step: { options: StepOptions; resolve: (end: StepEnd) => void; reject: (fault: Error) => void } | undefined;
  #fault: PluginFault | undefined;
  #leftOpen: Extract<FromHost, { leftOpen: unknown }>['leftOpen'] | undefined;
  #heardAt = performance.now();
  #isDead = false;
  #unread = 0;
  /** How many commands run for the plugins. */
  busy = 0;

  constructor(options: HostOptions, listener: HostListener) {
    this.#options = options;
    this.#child = startHost(options);
    this.#child.on('message', (message) => this.#take(message, listener));
    for (const stream of ['stdout', 'stderr'] as const)
      this.#child[stream]?.on('data', (bytes: Buffer) => {
        this.#heardAt = performance.now();
        listener.output(stream, bytes);
      });
    this.#gone = endOf(this.#child).then((how) => {
      this.#isDead = true;
      const { options: step } = this.#step ?? {};
      if (step) this.#fail(new PluginFault('plugin-failed', step.name, `its process ended ${how}`));
      return how;
    });
  }

  /** Whether there is nobody left to ask. */
  get isDead(): boolean {
    return this.#isDead || this.#fault !== undefined;
  }

  /** Whether it reads slower than it is told. */
  get isCongested(): boolean {
    return this.#unread > MAX_UNREAD;
  }

  tell(message: ToHost): void {
    if (!this.#child.connected) return;
    this.#unread += 1;
    // What a process that is gone is told, nobody has to hear.
    this.#child.send(message, () => {
      this.#unread -= 1;
    });
  }

  /**
   * Lets a plugin do something, to its end.
   * @param signal once it is aborted, the plugin has `graceMs` left
   * @throws {PluginFault} if it fails, gives no answer, or its process ends; the process is gone then
   */
  async step(options: StepOptions, signal: AbortSignal, graceMs: number): Promise<StepEnd> {
    if (this.#fault) throw this.#fault;
    const { num, plugin, kind, env, name } = options;
    this.#heardAt = performance.now();
    const startedAt = this.#heardAt;
    const limitMs = { load: LOAD_MS, init: INIT_MS }[kind as string] ?? this.#options.timeoutMs;
    const silentSince = (): number => (kind === 'init' ? startedAt : this.#heardAt);
    let cancelTimer: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      this.tell({ cancelled: { code: 'cancelled', message: 'the attempt is ended' } });
      cancelTimer = setTimeout(
        () => this.#fail(new PluginFault('plugin-timeout', name, `it did not end within ${graceMs / 1000} s after the cancel`)),
        graceMs,
      );
    };
    const watch = setInterval(
      () => {
        if (this.busy > 0) this.#heardAt = performance.now();
        if (performance.now() - silentSince() < limitMs) return;
        this.#fail(new PluginFault('plugin-timeout', name, `${kind} gave no answer within ${limitMs / 1000} s`));
      },
      Math.min(1000, limitMs / 4),
    );
    try {
      return await new Promise((resolve, reject) => {
        this.#step = { options, resolve, reject };
        if (signal.aborted) onAbort();
        else signal.addEventListener('abort', onAbort, { once: true });
        this.tell({ step: { num, plugin, kind, env } });
      });
    } finally {
      clearInterval(watch);
      clearTimeout(cancelTimer);
      signal.removeEventListener('abort', onAbort);
      this.#step = undefined;
    }
  }

  /**
   * Lets the process leave.
   * @param names of the plugins, where nobody knows which it was
   * @throws {PluginFault} if something keeps it from leaving
   */
  async close(names: readonly string[]): Promise<void> {
    if (!this.isDead) {
      this.tell({ close: true });
      const late = new AbortController();
      await Promise.race([this.#gone, sleep(LEAVE_MS, undefined, { signal: late.signal }).catch(() => {})]);
      late.abort();
    }
    const wasAlive = !this.#isDead;
    this.kill();
    await this.#gone;
    if (this.#fault || (!wasAlive && !this.#leftOpen)) return;
    const [first, ...more] = this.#leftOpen ?? [];
    if (!first) throw new PluginFault('plugin-left-open', names.join(', '), 'something keeps its process from ending');
    const what = [first, ...more].map(({ what }) => what.join(', ')).join('; ');
    throw new PluginFault('plugin-left-open', [first, ...more].map(({ plugin }) => plugin).join(', '), `left open: ${what}`);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #take(raw: unknown, listener: HostListener): void {
    this.#heardAt = performance.now();
    const { data: message, error } = FromHost.safeParse(raw);
    if (!message) {
      const name = this.#step?.options.name ?? 'unknown';
      this.#fail(new PluginFault('plugin-failed', name, `it sent what nobody understands: ${error?.issues[0]?.message}`));
    } else if ('done' in message) {
      if (message.done.num === this.#step?.options.num) this.#step.resolve(message.done);
    } else if ('failed' in message) {
      const { plugin, code, message: words } = message.failed;
      this.#fail(new PluginFault(code, plugin, words));
    } else if ('command' in message) listener.command(message.command);
    else if ('contributed' in message) listener.contributes(message.contributed);
    else if ('said' in message) listener.said(message.said);
    else if ('hears' in message) listener.hears();
    else if ('leftOpen' in message) this.#leftOpen = message.leftOpen;
  }

  /** The first fault stands, also one between two steps, and ends the process. */
  #fail(fault: PluginFault): void {
    this.#fault ??= fault;
    this.kill();
    this.#step?.reject(this.#fault);
  }

  /** What went wrong, also while nobody was asked anything. */
  get fault(): PluginFault | undefined {
    return this.#fault;
  }
}

async function endOf(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = await once(child, 'exit');
    return signal ? `by ${signal}` : `with exit code ${code}`;
  } catch (error) {
    return `before it began: ${(error as Error).message}`;
  }
}
