import type { Command, Phase } from '@skep/protocol';
import type { Ran } from '../definePlugin.js';

/** What an adapter can ask of the executor, for one plugin. */
export interface Line {
  /** Runs a command; what it returns is told in any case. `silent`: its output is not. */
  run(command: Command, silent?: boolean): Promise<Ran>;
  contribute(env: Readonly<Record<string, string>>, path: readonly string[]): void;
  /** Says something in Strider's words, which one table translates. */
  say(name: string, ...args: unknown[]): void;
}

export interface StepResult {
  /** 0, or the code that ends the phase. */
  readonly code: number;
  readonly ran: boolean;
  readonly commit?: string | undefined;
}

/** What a plugin does once it is initialized. */
export type WorkStep = 'fetch' | Phase;

/** A plugin of any kind, loaded for one attempt. */
export interface HostedPlugin {
  readonly fetches: boolean;
  /** @throws what the plugin throws */
  run(step: WorkStep, env: Readonly<Record<string, string>>): Promise<StepResult>;
}

export const nothing: StepResult = { code: 0, ran: false };

/** The configuration of a job is not what a plugin wants. */
export class PluginConfigError extends Error {}
