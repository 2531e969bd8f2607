import type { Session } from './Session.js';

/** A flag of a command, as commander writes it: `-n, --name <value>`. */
export interface OptionDefinition {
  flags: string;
  summary: string;
  /** Said several times, the flag gives a list. */
  repeats?: boolean;
  choices?: readonly string[];
}

/** One command: how it is called, and what it does. `run` answers with the exit code; nothing is 0. */
export interface CommandDefinition {
  /** The name, then its arguments: `logs <job>`. */
  usage: string;
  alias?: string;
  summary: string;
  examples: readonly string[];
  options?: readonly OptionDefinition[];
  /** What else its help says. */
  notes?: string;
  /** What its first argument names, for completion. */
  completes?: 'jobs' | 'drones';
  /** Whether all that comes after the first argument belongs to it, flags too. */
  passesThrough?: boolean;
  /** Whether help does not list it. */
  isHidden?: boolean;
  /** The exit code of every failure, where it is not that of the error. */
  failureExit?: number;
  run(session: Session, options: Options, args: readonly string[]): Promise<number | undefined>;
}

/** The flags as they were given, read by the methods that say what each must be. */
export class Options {
  constructor(private readonly values: Readonly<Record<string, unknown>>) {}

  text(name: string): string | undefined {
    const value = this.values[name];
    return typeof value === 'string' ? value : undefined;
  }

  list(name: string): string[] {
    const value = this.values[name];
    return Array.isArray(value) ? value.map(String) : [];
  }

  isOn(name: string): boolean {
    return this.values[name] === true;
  }

  /** Whether the flag was denied: `--no-repo`. */
  isOff(name: string): boolean {
    return this.values[name] === false;
  }
}

export const defineCommand = (definition: CommandDefinition): CommandDefinition => definition;
