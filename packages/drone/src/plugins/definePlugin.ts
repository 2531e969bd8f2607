import type { AssignedJob, Command, Phase } from '@skep/protocol';
import type { z } from 'zod';

/** How a command of a plugin ended. */
export interface Ran {
  /** 127: not found, 128 + n: ended by signal n. */
  readonly exitCode: number;
  /** The newest 1 MiB of what it wrote, as text. */
  readonly stdout: string;
  readonly stderr: string;
}

/** What a plugin knows of the attempt, and what it can do. */
export interface PluginContext<Config = unknown> {
  /** `config[name]` of the job, as the plugin's schema gives it. */
  readonly config: Config;
  readonly job: AssignedJob;
  readonly phase: Phase;
  /** The checkout, in which commands run. */
  readonly folder: string;
  /** A folder of this plugin for this project, kept between attempts. Attempts that run at once share it. */
  readonly cacheDir: string;
  /** The variables that commands see, as they were when the phase began for this plugin. */
  readonly env: Readonly<Record<string, string>>;
  /** Aborted when the attempt is ended before its end. */
  readonly signal: AbortSignal;
  /**
   * Runs a command to its end and tells of it.
   * @throws {CommandFailed} if its exit code is not 0; who does not catch it ends the phase with that code
   */
  run(command: Command): Promise<Ran>;
  /** Variables and folders of PATH for all commands from now on: of this plugin, of those after it, and of later phases. */
  contribute(given: { env?: Readonly<Record<string, string>>; path?: readonly string[] }): void;
  /** Writes a line to the output of the job, with the plugin's name before it. */
  comment(text: string): void;
  /** Tells of something in words of the plugin's own: `job:plugin id, plugin, name, ...args`, for programs that know it. */
  say(name: string, ...args: unknown[]): void;
}

/**
 * What a plugin does in a phase: a command, several, or a function. A function that throws ends the attempt as `errored`,
 * one that returns `false` says that it had nothing to do.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: most functions return nothing at all.
export type PhaseWork<Config> = Command | readonly Command[] | ((context: PluginContext<Config>) => unknown | Promise<void | boolean>);

export interface Plugin<Schema extends z.ZodType = z.ZodType> {
  /** By which jobs name it, and under which its configuration stands. */
  readonly name: string;
  /** Holds `config[name]` of a job against this; what is not there is `{}`. */
  readonly config?: Schema;
  /** Gets the sources in place of the drone, into `folder`. Of a job's plugins one may do this. */
  readonly fetch?: (
    context: PluginContext<z.infer<Schema>>,
    // biome-ignore lint/suspicious/noConfusingVoidType: most functions return nothing at all.
  ) => Promise<{ commit?: string } | void>;
  readonly environment?: PhaseWork<z.infer<Schema>>;
  readonly prepare?: PhaseWork<z.infer<Schema>>;
  readonly test?: PhaseWork<z.infer<Schema>>;
  readonly deploy?: PhaseWork<z.infer<Schema>>;
  readonly cleanup?: PhaseWork<z.infer<Schema>>;
}

/** A plugin as its module's default export. It changes nothing and says what is meant: types check what is written. */
export const definePlugin = <Schema extends z.ZodType>(plugin: Plugin<Schema>): Plugin<Schema> => plugin;
