import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type AssignedJob, Command, type Phase, phases } from '@skep/protocol';
import * as z from 'zod';
import type { Plugin, PluginContext, Ran } from '../definePlugin.js';
import type { PluginPlaces } from '../messages.js';
import { safeName } from '../safeName.js';
import { type HostedPlugin, type Line, nothing, PluginConfigError, type StepResult, type WorkStep } from './HostedPlugin.js';

/** A command of a plugin returned something else than 0. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly exitCode: number;

  constructor(
    command: string,
    readonly ran: Ran,
  ) {
    super(`${command} ended with exit code ${ran.exitCode}`);
    this.exitCode = ran.exitCode;
  }
}

const isFunction = (value: unknown): boolean => typeof value === 'function';
const Work = z.union([Command, z.array(Command), z.custom(isFunction, 'must be a function')]).optional();
const Definition = z.looseObject({
  name: z.string().min(1).max(200),
  config: z.custom((value) => isFunction((value as z.ZodType)?.safeParseAsync), 'must be a schema of zod').optional(),
  fetch: z.custom(isFunction, 'must be a function').optional(),
  ...Object.fromEntries(phases.map((phase) => [phase, Work])),
});

/**
 * What a module exports, as a plugin.
 * @throws {Error} that says what is wrong with it
 */
export function definitionOf(exported: unknown): Plugin {
  const parsed = Definition.safeParse(exported);
  if (parsed.success) return exported as Plugin;
  throw new Error(`its default export is no plugin: ${wordsOf(parsed.error)}`);
}

const wordsOf = (error: z.ZodError): string =>
  error.issues.map(({ path, message }) => [...(path.length > 0 ? [path.join('.')] : []), message].join(': ')).join('; ');

/** A plugin of ours, for one attempt. */
export class SkepPlugin implements HostedPlugin {
  private constructor(
    private readonly definition: Plugin,
    private readonly config: unknown,
    private readonly job: AssignedJob,
    private readonly places: PluginPlaces,
    private readonly line: Line,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws {PluginConfigError} if the job's configuration of it is not what it wants */
  static async init(definition: Plugin, job: AssignedJob, places: PluginPlaces, line: Line, signal: AbortSignal): Promise<SkepPlugin> {
    const parsed = await definition.config?.safeParseAsync(job.config?.[definition.name] ?? {});
    if (parsed?.success === false) throw new PluginConfigError(wordsOf(parsed.error));
    return new SkepPlugin(definition, parsed?.data ?? job.config?.[definition.name] ?? {}, job, places, line, signal);
  }

  get fetches(): boolean {
    return this.definition.fetch !== undefined;
  }

  async run(step: WorkStep, env: Readonly<Record<string, string>>): Promise<StepResult> {
    const work = this.definition[step];
    if (work === undefined) return nothing;
    const context = await this.#context(step === 'fetch' ? 'prepare' : step, env);
    try {
      if (typeof work === 'function') {
        const result = await work(context);
        const commit = step === 'fetch' ? (result as { commit?: string } | undefined)?.commit : undefined;
        return { code: 0, ran: result !== false, ...(commit !== undefined && { commit: String(commit) }) };
      }
      const commands = Array.isArray(work) ? (work as Command[]) : [work as Command];
      for (const command of commands) await context.run(command);
      return { code: 0, ran: commands.length > 0 };
    } catch (error) {
      if (error instanceof CommandFailed) return { code: error.exitCode, ran: true };
      throw error;
    }
  }

  async #context(phase: Phase, env: Readonly<Record<string, string>>): Promise<PluginContext> {
    const { job, config, line, signal, places, definition } = this;
    const cacheDir = join(places.cacheDir, safeName(definition.name));
    await mkdir(cacheDir, { recursive: true });
    return {
      config,
      job,
      phase,
      folder: places.dataDir,
      cacheDir,
      env,
      signal,
      run: async (command) => {
        const ran = await line.run(command);
        if (ran.exitCode !== 0) throw new CommandFailed(typeof command === 'string' ? command : command.command, ran);
        return ran;
      },
      contribute: ({ env: given = {}, path = [] }) => line.contribute(given, path),
      comment: (text) => line.say('command.comment', { comment: String(text) }),
      say: (name, ...args) => line.say(name, ...args),
    };
  }
}
