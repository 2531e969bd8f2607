import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type AssignedJob, type AttemptEvent, CHUNK_BYTES, type Phase, sayingOf } from '@skep/protocol';
import { OutputTail } from '../output/OutputTail.js';
import type { CommandRequest, FoundPlugin, FromHost, StepEnd, StepKind } from '../plugins/messages.js';
import { type HostListener, PluginFault, PluginHost } from '../plugins/PluginHost.js';
import { safeName } from '../plugins/safeName.js';
import { isOutputEvent } from '../spool/record.js';
import type { Workspace } from '../workspace/Workspace.js';
import type { AttemptContext } from './AttemptContext.js';
import type { AttemptReport, CommandOutput } from './AttemptReport.js';
import type { CommandRunner, Write } from './CommandRunner.js';
import { type Contributed, passedEnv } from './commandEnv.js';
import { leaseValue, MARKER_VARIABLE } from './leaseMarker.js';

/** What is kept of a command's output for the plugin that ran it, of each stream. */
const KEPT_BYTES = 1024 * 1024;
/** The exit code of a command that was not begun because its attempt is ended: that of a process ended by SIGTERM. */
const NOT_BEGUN = 143;
/** How much longer than its commands a plugin may take to end after a cancel. */
const NOTE_MS = 1_000;

/** What comes of plugins themselves: who listens has heard it when it was said. */
const ownSayings: ReadonlySet<string> = new Set(['job:plugin', 'job:stdout', 'job:stderr']);

export interface PluginOptions {
  readonly context: AttemptContext;
  readonly report: AttemptReport;
  readonly runner: CommandRunner;
  readonly workspace: Workspace;
  /** The variables that commands see now. */
  readonly env: () => Record<string, string>;
}

/** The plugins of a job that this drone has, in the job's order; or the name of one that it does not have. */
export function pluginsOf({ plugins = [] }: AssignedJob, known: readonly FoundPlugin[]): { plugins: FoundPlugin[]; missing?: string } {
  const found = plugins.map((name) => known.find((plugin) => plugin.name === name));
  const missing = plugins.find((_, n) => found[n] === undefined);
  return { plugins: found.filter((plugin) => plugin !== undefined), ...(missing !== undefined && { missing }) };
}

/** The plugins of one attempt: what they do, what they contribute, and what they say. */
export class AttemptPlugins implements HostListener {
  readonly #options: PluginOptions;
  readonly #plugins: readonly FoundPlugin[];
  readonly #host: PluginHost;
  readonly #output: CommandOutput;
  readonly #contributed = new Map<number, Contributed>();
  /** What a plugin runs by itself and tells of in Strider's words, by its name. */
  readonly #told = new Map<string, { write: Write; end: (exitCode: number) => void }>();
  /** The numbers of those commands. */
  readonly #ownCommands = new Set<number>();
  /** Settles when the end of the last of them is told. */
  #lastTold: Promise<unknown> = Promise.resolve();
  #signal: AbortSignal;
  #steps = 0;
  #hears = false;
  #fetcher: number | undefined;

  private constructor(options: PluginOptions, plugins: readonly FoundPlugin[]) {
    const { context, workspace, report } = options;
    this.#options = options;
    this.#plugins = plugins;
    this.#signal = context.signal;
    this.#output = report.outputOf();
    this.#host = new PluginHost(
      {
        entry: context.drone.entry,
        cwd: workspace.code,
        env: { ...passedEnv(context.drone.passEnv), TMPDIR: workspace.tmp },
        timeoutMs: context.drone.pluginTimeoutMs,
      },
      this,
    );
  }

  /**
   * Loads and initializes them, one after the other.
   * @throws {PluginFault} if one of them cannot be
   */
  static async open(options: PluginOptions, plugins: readonly FoundPlugin[], signal: AbortSignal): Promise<AttemptPlugins> {
    const { context, workspace } = options;
    const { job, dataDir } = context;
    const cacheDir = join(dataDir, 'cache', safeName(job.project ?? job.repo?.url ?? ''));
    await mkdir(cacheDir, { recursive: true, mode: 0o700 });
    const opened = new AttemptPlugins(options, plugins);
    const marker = { [MARKER_VARIABLE]: `${leaseValue(dataDir, job)}.` };
    const places = { baseDir: workspace.folder, dataDir: workspace.code, cacheDir, marker };
    opened.#host.tell({ open: { plugins, job, places } });
    await opened.#init(signal).catch(async (error) => {
      await opened.close().catch(() => undefined);
      throw error;
    });
    return opened;
  }

  /** The plugin that gets the sources; none if the drone does. */
  get fetcher(): string | undefined {
    return this.#fetcher === undefined ? undefined : this.#plugins[this.#fetcher]?.name;
  }

  /** All that they have contributed so far, those of later plugins over those of earlier ones. */
  get contributed(): Contributed {
    const all = [...this.#contributed].sort(([a], [b]) => a - b).map(([, given]) => given);
    return { env: Object.assign({}, ...all.map(({ env }) => env)), path: [...new Set(all.flatMap(({ path }) => path))] };
  }

  /** Gets the sources. @throws {PluginFault} */
  async fetch(signal: AbortSignal): Promise<StepEnd> {
    return this.#step(this.#fetcher ?? 0, 'fetch', signal);
  }

  /**
   * Lets each of them do its part in a phase, up to the first that fails; in `cleanup` all of them.
   * @returns the code of the one that failed, else 0, and whether any had something to do
   * @throws {PluginFault}
   */
  async run(phase: Phase, signal: AbortSignal): Promise<{ code: number; ran: boolean }> {
    let hasRun = false;
    for (const index of this.#plugins.keys()) {
      if (signal.aborted || (phase === 'cleanup' && this.#host.isDead)) break;
      const { code, ran } = await this.#step(index, phase, signal);
      hasRun ||= ran;
      if (code !== 0 && phase !== 'cleanup') return { code, ran: true };
    }
    return { code: 0, ran: hasRun };
  }

  /** An event of the attempt, for plugins that listen. */
  hear({ name, args }: AttemptEvent): void {
    if (!this.#hears || ownSayings.has(name) || (name.startsWith('job:cmd:') && this.#ownCommands.has(args[0] as number))) return;
    // A listener that is slower than a command's output misses some of it; the job does not wait, nor grow, for it.
    if (this.#host.isCongested && isOutputEvent(name)) return;
    const texts = args.map((arg) => (arg instanceof Uint8Array ? Buffer.from(arg).toString() : arg));
    this.#host.tell({ heard: { event: { name, args: texts } as AttemptEvent, at: this.#options.context.now() } });
  }

  /** Lets their process leave. @throws {PluginFault} if something keeps it from that, or something went wrong that nobody noticed yet */
  async close(): Promise<void> {
    try {
      await this.#host.close(this.#plugins.map(({ name }) => name));
      if (this.#host.fault) throw this.#host.fault;
    } finally {
      for (const { end } of this.#told.values()) end(NOT_BEGUN);
      await this.#lastTold;
      this.#output.end();
    }
  }

  command(request: CommandRequest): void {
    void this.#run(request).then((ended) => this.#host.tell({ ended: { id: request.id, ...ended } }));
  }

  contributes({ plugin, env, path }: Extract<FromHost, { contributed: unknown }>['contributed']): void {
    const before = this.#contributed.get(plugin);
    const known = before?.path ?? [];
    this.#contributed.set(plugin, { env: { ...before?.env, ...env }, path: [...known, ...path.filter((each) => !known.includes(each))] });
  }

  said({ plugin, status }: Extract<FromHost, { said: unknown }>['said']): void {
    const { report, runner } = this.#options;
    const saying = sayingOf(plugin, status);
    if (saying.kind === 'output') {
      const write = this.#told.get(plugin)?.write ?? ((stream, bytes) => this.output(stream, bytes));
      write(saying.stream, Buffer.from(saying.text));
    } else if (saying.kind === 'command') {
      this.#told.get(plugin)?.end(0);
      this.#output.flush();
      const told = runner.tell(
        saying.command,
        undefined,
        (num, write) =>
          new Promise((resolve) => {
            this.#ownCommands.add(num);
            const end = (exitCode: number): void => {
              this.#told.delete(plugin);
              resolve({ kind: 'exited', exitCode });
            };
            this.#told.set(plugin, { write, end });
          }),
      );
      this.#lastTold = told;
    } else if (saying.kind === 'command-done') this.#told.get(plugin)?.end(saying.exitCode);
    else {
      const [name, what, ...args] = saying.event.args;
      const told = masked([what, ...args], (text) => report.masked(text)) as unknown[];
      report.heardAt = performance.now();
      if (JSON.stringify(told).length > CHUNK_BYTES) this.#comment(name, `what it said is too long to be kept: ${String(what)}`);
      else report.say({ name: 'job:plugin', args: [name, ...told] });
      if (what === 'comment') this.#comment(name, String(args[0]));
    }
  }

  hears(): void {
    this.#hears = true;
  }

  output(stream: 'stdout' | 'stderr', bytes: Buffer): void {
    this.#options.report.heardAt = performance.now();
    this.#output.feed(stream, bytes);
  }

  async #init(signal: AbortSignal): Promise<void> {
    for (const kind of ['load', 'init'] as const)
      for (const [index, { name }] of this.#plugins.entries()) {
        const { fetches } = await this.#step(index, kind, signal);
        if (kind === 'load' || !fetches) continue;
        if (this.#fetcher !== undefined) throw new PluginFault('plugin-config', name, `it gets the sources, and so does ${this.fetcher}`);
        this.#fetcher = index;
      }
  }

  #step(plugin: number, kind: StepKind, signal: AbortSignal): Promise<StepEnd> {
    const { env, context } = this.#options;
    const name = this.#plugins[plugin]?.name ?? '';
    this.#signal = signal;
    // Its commands have the grace, and it has a second more to take note of their end.
    return this.#host.step({ num: this.#steps++, plugin, name, kind, env: env() }, signal, context.drone.graceMs + NOTE_MS);
  }

  async #run({ command, silent = false }: CommandRequest): Promise<{ exitCode: number; stdout: string; stderr: string }> {
    const { runner, workspace, env } = this.#options;
    if (this.#signal.aborted) return { exitCode: NOT_BEGUN, stdout: '', stderr: '' };
    const given = typeof command === 'string' ? { command } : command;
    // The plugin is the drone's own: it may run things wherever it wants.
    const surroundings = { folder: '/', env: env() };
    const tails = { stdout: new OutputTail(), stderr: new OutputTail() };
    const hear: Write = (stream, bytes) => {
      tails[stream].push({ stream, bytes });
      tails[stream].shrink(KEPT_BYTES);
    };
    if (this.#told.size === 0) await this.#lastTold;
    this.#output.flush();
    this.#host.busy += 1;
    try {
      const cwd = resolve(workspace.code, given.cwd ?? '.');
      const exitCode = await runner.run({ ...given, cwd }, surroundings, this.#signal, { hear, isSilent: silent });
      return { exitCode, stdout: textOf(tails.stdout), stderr: textOf(tails.stderr) };
    } finally {
      this.#host.busy -= 1;
    }
  }

  #comment(plugin: string, text: string): void {
    this.output('stdout', Buffer.from(`[${plugin}] ${text}\n`));
  }
}

const textOf = (tail: OutputTail): string => Buffer.concat(tail.take().map(({ bytes }) => bytes)).toString();

/** A JSON value with each of its texts changed. */
function masked(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => masked(each, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [change(key), masked(each, change)]));
}
