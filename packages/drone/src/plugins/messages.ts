import type { AssignedJob, AttemptEvent, Phase } from '@skep/protocol';
import { Command, Env, ExitCode } from '@skep/protocol';
import { z } from 'zod';
import { HandlerList } from '../tasks/HandlerList.js';

/** A plugin that was found, and how it is loaded. */
export const FoundPlugin = z.object({
  name: z.string().min(1).max(200),
  kind: z.enum(['skep', 'strider-job', 'strider-provider']),
  /** Its module. */
  file: z.string(),
  /** A provider of Strider's that has accounts. */
  hosted: z.boolean().optional(),
});
export type FoundPlugin = z.infer<typeof FoundPlugin>;

/** What a plugin is told to do. */
export type StepKind = 'load' | 'init' | 'fetch' | Phase;

/** The places of an attempt, as plugins see them. */
export interface PluginPlaces {
  /** All that the attempt has. */
  readonly baseDir: string;
  /** The checkout. */
  readonly dataDir: string;
  /** Of its project, kept between attempts. */
  readonly cacheDir: string;
  /** What the environment of everything must hold that the attempt starts. */
  readonly marker: Readonly<Record<string, string>>;
}

/** What the process of the plugins is told. */
export type ToHost =
  | { find: { places: readonly string[]; cwd: string } }
  | { listHandlers: { files: readonly string[] } }
  | { open: { plugins: readonly FoundPlugin[]; job: AssignedJob; places: PluginPlaces } }
  | { step: { num: number; plugin: number; kind: StepKind; env: Readonly<Record<string, string>> } }
  | { ended: { id: number; exitCode: number; stdout: string; stderr: string } }
  | { cancelled: { code: string; message: string } }
  /** An event of the attempt, for those that listen. */
  | { heard: { event: AttemptEvent; at: number } }
  | { close: true };

const PluginIndex = z.number().int().min(0);

/** What the process of the plugins says. Foreign code runs there, so all of it is held against this. */
export const FromHost = z.union([
  z.object({ found: z.array(FoundPlugin) }),
  z.object({ handlers: HandlerList }),
  z.object({ notFound: z.object({ message: z.string(), hint: z.string().optional() }) }),
  z.object({
    done: z.object({
      num: z.number().int(),
      code: ExitCode,
      /** Whether there was something to do. */
      ran: z.boolean(),
      /** After `init`: whether it gets sources. */
      fetches: z.boolean().optional(),
      /** After `fetch`: what it got. */
      commit: z.string().max(1000).optional(),
    }),
  }),
  z.object({ failed: z.object({ plugin: z.string(), code: z.enum(['plugin-failed', 'plugin-config']), message: z.string() }) }),
  z.object({ contributed: z.object({ plugin: PluginIndex, env: Env, path: z.array(z.string()) }) }),
  z.object({ command: z.object({ id: z.number().int(), plugin: PluginIndex, command: Command, silent: z.boolean().optional() }) }),
  z.object({ said: z.object({ plugin: z.string(), status: z.tuple([z.string()], z.unknown()) }) }),
  /** Somebody listens to the events of the attempt. */
  z.object({ hears: z.literal(true) }),
  z.object({ leftOpen: z.array(z.object({ plugin: z.string(), what: z.array(z.string()) })) }),
]);
export type FromHost = z.infer<typeof FromHost>;
export type StepEnd = Extract<FromHost, { done: unknown }>['done'];
export type CommandRequest = Extract<FromHost, { command: unknown }>['command'];
