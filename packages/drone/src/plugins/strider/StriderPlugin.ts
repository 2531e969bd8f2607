import type { AssignedJob, Phase } from '@skep/protocol';
import { type HostedPlugin, nothing, type StepResult, type WorkStep } from '../host/HostedPlugin.js';
import type { FoundPlugin, PluginPlaces } from '../messages.js';
import type { StriderContext, StriderContexts } from './contexts.js';
import { codeOf } from './exitCode.js';
import { providerConfig } from './striderJob.js';

type Callback = (error?: unknown, value?: unknown) => void;
type AnyFunction = (...args: unknown[]) => unknown;

/** What `init` of one of Strider's plugins gives. */
interface Made {
  env?: Record<string, unknown> | ((phase: Phase) => Record<string, unknown> | undefined);
  path?: string | string[] | ((phase: Phase) => string | string[] | undefined);
  listen?: (io: unknown, context: unknown) => void;
  fetch?: (context: unknown, done: Callback) => void;
  [phase: string]: unknown;
}

/** One of Strider's plugins, for one attempt. */
export class StriderPlugin implements HostedPlugin {
  private constructor(
    private readonly made: Made,
    private readonly contexts: StriderContexts,
  ) {}

  /**
   * Initializes it as Strider does: a job's plugin by the number of parameters of its `init`, a provider by whether it is hosted.
   * @param worker what its module exports
   * @throws {Error} if it is none, or what its `init` says
   */
  static async init(
    worker: unknown,
    { name, kind, hosted }: FoundPlugin,
    job: AssignedJob,
    { baseDir, dataDir, cacheDir }: PluginPlaces,
    contexts: StriderContexts,
  ): Promise<StriderPlugin> {
    const dirs = { base: baseDir, data: dataDir, cache: cacheDir };
    const config = job.config?.[name];
    const call = (act: (done: Callback) => unknown): Promise<Made> =>
      new Promise((resolve, reject) => {
        act((error, made) => (error ? reject(asError(error)) : resolve({ ...(made as Made | undefined) })));
      });
    const init = typeof worker === 'function' ? worker : (worker as Made | undefined)?.init;
    let made: Made;
    if (kind === 'strider-provider') {
      const own = providerConfig(job, config);
      const user = (job.user_config as Record<string, unknown> | undefined)?.[name];
      const before = hosted ? [dirs, user, own, contexts.job] : [dirs, own, contexts.job];
      // A provider that is a function, or has none to initialize it, is its own fetch.
      const fetch = (typeof worker === 'function' ? worker : (worker as Made | undefined)?.fetch) as AnyFunction | undefined;
      if (typeof worker !== 'function' && typeof init === 'function') made = await call((done) => init(...before, done));
      else if (fetch) made = { fetch: (context, done) => void fetch(dataDir, ...(hosted ? [user] : []), own, contexts.job, context, done) };
      else throw new Error('its worker has neither init nor fetch');
    } else {
      if (typeof init !== 'function') throw new Error('its worker has no init');
      const user = (job.user_config as Record<string, unknown> | undefined)?.[name];
      const places = { baseDir, dataDir, cacheDir };
      made = await call((done) => {
        switch (init.length) {
          case 1:
            return init(done);
          case 2:
            return init(config, done);
          case 3:
            return init(config, places, done);
          case 4:
            return init(config, contexts.job, places, done);
          default:
            return init(user, config, contexts.job, places, done);
        }
      });
    }
    const plugin = new StriderPlugin(made, contexts);
    if (typeof made.env !== 'function' && typeof made.path !== 'function') plugin.#contribute('environment');
    if (made.listen) made.listen(contexts.io, contexts.of('environment'));
    return plugin;
  }

  get fetches(): boolean {
    return this.made.fetch !== undefined;
  }

  async run(step: WorkStep, env: Readonly<Record<string, string>>): Promise<StepResult> {
    const phase = step === 'fetch' ? 'prepare' : step;
    const { made, contexts } = this;
    if (step !== 'fetch' && (typeof made.env === 'function' || typeof made.path === 'function')) this.#contribute(phase);
    const work = made[step];
    if (!work) return nothing;
    const context = contexts.of(phase, env);
    if (typeof work === 'function') return this.#call(work as AnyFunction, context);
    for (const command of Array.isArray(work) ? work : [work]) {
      const code = await new Promise<number>((resolve) => context.cmd(command, resolve));
      context.data({ [`${phase}Cmd`]: code ? 'failed' : 'passed' }, 'extend');
      if (code !== 0) return { code, ran: true };
    }
    return { code: 0, ran: true };
  }

  #call(work: AnyFunction, context: StriderContext): Promise<StepResult> {
    return new Promise((resolve, reject) => {
      const done: Callback = (error, didRun) => {
        if (!error) return resolve({ code: 0, ran: Boolean(didRun) });
        const code = codeOf(error);
        if (code === undefined) reject(asError(error));
        else resolve({ code, ran: true });
      };
      const result = work.call(this.made, context, done);
      // A plugin of a later age than its contract: its promise may fail, and then nobody else would notice.
      if (result instanceof Promise) result.catch(reject);
    });
  }

  #contribute(phase: Phase): void {
    const { env, path } = this.made;
    const given = (typeof env === 'function' ? env(phase) : env) ?? {};
    const folders = typeof path === 'function' ? path(phase) : path;
    const texts = Object.entries(given).flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [[name, String(value)] as const],
    );
    this.contexts.line.contribute(Object.fromEntries(texts), [folders ?? []].flat());
  }
}

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new Error(typeof error === 'string' ? error : ((error as Error)?.message ?? JSON.stringify(error)));
