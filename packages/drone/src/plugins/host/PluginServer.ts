import { type AssignedJob, type Command, StriderStatuses } from '@skep/protocol';
import EventEmitter2 from 'eventemitter2';
import { handlerListOf } from '../../tasks/HandlerList.js';
import { loadHandlers } from '../../tasks/loadHandlers.js';
import type { Ran } from '../definePlugin.js';
import type { FoundPlugin, FromHost, PluginPlaces, ToHost } from '../messages.js';
import { StriderContexts } from '../strider/contexts.js';
import { StriderPlugin } from '../strider/StriderPlugin.js';
import { findPlugins } from './findPlugins.js';
import { type HostedPlugin, type Line, nothing, PluginConfigError, type StepResult } from './HostedPlugin.js';
import { loadModule } from './loadModule.js';
import { asPlugin, leftOpen, whose } from './owners.js';
import { definitionOf, SkepPlugin } from './SkepPlugin.js';

/** How long what plugins left running may take to end, once all is done. */
const LINGER_MS = 1_000;

interface Opening {
  readonly plugins: readonly FoundPlugin[];
  readonly job: AssignedJob;
  readonly places: PluginPlaces;
}
type Step = Extract<ToHost, { step: unknown }>['step'];

/** The plugins of one attempt, in a process of their own: does what the executor says, one step after another. */
export class PluginServer {
  readonly #send: (message: FromHost) => void;
  readonly #io = new EventEmitter2.EventEmitter2({ wildcard: true, newListener: true, maxListeners: 0 });
  readonly #statuses = new StriderStatuses();
  readonly #abort = new AbortController();
  readonly #commands = new Map<number, (ran: Ran) => void>();
  readonly #modules = new Map<number, unknown>();
  readonly #plugins = new Map<number, HostedPlugin>();
  #opening: Opening | undefined;
  #stepping: string | undefined;
  #nextCommand = 0;
  #isEcho = false;

  constructor(send: (message: FromHost) => void) {
    this.#send = send;
    this.#io.onAny((event, ...args) => this.#emitted(String(event), args));
    this.#io.on('newListener', () => send({ hears: true }));
  }

  take(message: ToHost): void {
    if ('find' in message) void this.#find(message.find);
    else if ('listHandlers' in message) void this.#listHandlers(message.listHandlers.files);
    else if ('open' in message) this.#opening = message.open;
    else if ('step' in message) void this.#step(message.step);
    else if ('ended' in message) {
      const { id, ...ran } = message.ended;
      this.#commands.get(id)?.(ran);
      this.#commands.delete(id);
    } else if ('cancelled' in message) this.#abort.abort(message.cancelled);
    else if ('heard' in message) this.#hear(message.heard);
    else this.#close();
  }

  /** Something was thrown where nobody caught it: it is the doing of whose code ran, else of whoever was asked last. */
  thrown(error: unknown): void {
    this.#failed(whose() ?? this.#stepping ?? this.#opening?.plugins.at(-1)?.name ?? '', error);
  }

  #failed(plugin: string, error: unknown): void {
    const code = error instanceof PluginConfigError ? 'plugin-config' : 'plugin-failed';
    const message = error instanceof Error ? error.message || error.name : String(error);
    // The stack is for those who look after the plugin, in the output of the job.
    if (code === 'plugin-failed' && error instanceof Error) console.error(error.stack);
    this.#send({ failed: { plugin, code, message } });
  }

  async #find({ places, cwd }: { places: readonly string[]; cwd: string }): Promise<void> {
    try {
      this.#send({ found: await findPlugins(places, cwd) });
    } catch (error) {
      this.#notFound(error);
    }
  }

  async #listHandlers(files: readonly string[]): Promise<void> {
    try {
      this.#send({ handlers: handlerListOf(await loadHandlers(files)) });
    } catch (error) {
      this.#notFound(error);
    }
  }

  #notFound(error: unknown): void {
    const { message, hint } = error as { message: string; hint?: string };
    this.#send({ notFound: { message, ...(hint !== undefined && { hint }) } });
  }

  async #step(step: Step): Promise<void> {
    const found = this.#opening?.plugins[step.plugin];
    if (!found) return;
    this.#stepping = found.name;
    await asPlugin(found.name, async () => {
      try {
        const { code, ran, commit } = await this.#perform(found, step);
        const fetches = this.#plugins.get(step.plugin)?.fetches ?? false;
        this.#send({ done: { num: step.num, code, ran, fetches, ...(commit !== undefined && { commit }) } });
      } catch (error) {
        this.#failed(found.name, error);
      }
    });
  }

  async #perform(found: FoundPlugin, { plugin, kind, env }: Step): Promise<StepResult> {
    if (kind === 'load') this.#modules.set(plugin, await loadModule(found.file));
    else if (kind === 'init') this.#plugins.set(plugin, await this.#init(found, plugin));
    else return this.#plugins.get(plugin)?.run(kind, env) ?? nothing;
    return nothing;
  }

  async #init(found: FoundPlugin, index: number): Promise<HostedPlugin> {
    const { job, places } = this.#opening as Opening;
    const line = this.#line(found.name, index);
    const module = this.#modules.get(index);
    if (found.kind === 'skep') return SkepPlugin.init(definitionOf(module), job, places, line, this.#abort.signal);
    return StriderPlugin.init(module, found, job, places, new StriderContexts(found.name, line, this.#io, job, places));
  }

  #line(name: string, plugin: number): Line {
    return {
      run: (command: Command, silent = false) =>
        new Promise((resolve) => {
          const id = this.#nextCommand++;
          this.#commands.set(id, resolve);
          this.#send({ command: { id, plugin, command, silent } });
        }),
      contribute: (env, path) => this.#send({ contributed: { plugin, env: { ...env }, path: [...path] } }),
      say: (status, ...args) => this.#send({ said: { plugin: name, status: [status, ...args] } }),
    };
  }

  #hear({ event, at }: Extract<ToHost, { heard: unknown }>['heard']): void {
    const { id } = (this.#opening as Opening).job;
    for (const [name, ...args] of this.#statuses.of(event, at)) {
      this.#isEcho = true;
      try {
        this.#io.emit(`job.status.${name}`, id, ...args);
      } catch (error) {
        this.thrown(error);
      }
    }
  }

  /** What a plugin says by the emitter is told, unless it only heard it from us. */
  #emitted(event: string, args: unknown[]): void {
    const isEcho = this.#isEcho;
    // What a listener says in answer is its own again.
    this.#isEcho = false;
    if (isEcho) return;
    const plugin = whose() ?? this.#stepping ?? '';
    if (event.startsWith('job.status.')) this.#send({ said: { plugin, status: [event.slice('job.status.'.length), ...args.slice(1)] } });
    else if (event.startsWith('plugin.')) {
      const [, of = plugin, ...name] = event.split('.');
      this.#send({ said: { plugin: of, status: [name.join('.') || 'said', ...args] } });
    }
  }

  /** From here on only what plugins left open keeps this process alive. */
  #close(): void {
    process.channel?.unref();
    setTimeout(() => {
      this.#send({ leftOpen: leftOpen() });
      process.exit(0);
    }, LINGER_MS).unref();
  }
}
