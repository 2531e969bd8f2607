import type { AttemptEvent } from './attemptEvents.js';
import type { Phase } from './vocabulary.js';

/** What Strider says as `job.status.<name> id, ...args`: the name, and the arguments after the job's id. */
export type StriderStatus = readonly [name: string, ...args: unknown[]];

/** Tells the events of one attempt in Strider's words. It remembers the phase and the commands, because Strider tells of them at their end. */
export class StriderStatuses {
  #phase: { name: Phase; startedAt: number } | undefined;
  #exitCode = 0;
  readonly #startedAt = new Map<number, number>();

  /**
   * @param event one event of the attempt after the other
   * @param at its instant, Unix ms
   * @returns what Strider says then; nothing for events that it has no words for
   */
  of({ name, args }: AttemptEvent, at: number): StriderStatus[] {
    const time = new Date(at);
    switch (name) {
      case 'job:queued':
        return [['queued', time]];
      case 'job:started':
        return [['started', time]];
      case 'job:phase':
        return this.#phaseDone(at, args[0]);
      case 'job:tested':
        this.#exitCode = args[0];
        return [['tested', { time, exitCode: args[0] }]];
      case 'job:deployed':
        this.#exitCode = args[0];
        return [['deployed', { time, exitCode: args[0] }]];
      case 'job:done':
        return [...this.#phaseDone(at), ['done', time]];
      case 'job:errored':
        return [['errored', args[0]]];
      case 'job:cmd:start':
        this.#startedAt.set(args[0], at);
        return [['command.start', { command: args[2] ?? args[1], started: time, time }]];
      case 'job:cmd:done': {
        const elapsed = at - (this.#startedAt.get(args[0]) ?? at);
        if (args[1] !== 0 && this.#phase?.name !== 'cleanup') this.#exitCode = args[1];
        return [['command.done', { exitCode: args[1], time, elapsed }]];
      }
      case 'job:cmd:stdout':
        return [['stdout', textOf(args[1])]];
      case 'job:cmd:stderr':
        return [['stderr', textOf(args[1])]];
      case 'job:stdout':
        return [['stdout', textOf(args[0])]];
      case 'job:stderr':
        return [['stderr', textOf(args[0])]];
      case 'job:plugin':
        return [pluginStatus(args as unknown as [string, ...unknown[]], time)];
      default:
        return [];
    }
  }

  #phaseDone(at: number, next?: Phase): StriderStatus[] {
    const phase = this.#phase;
    this.#phase = next && { name: next, startedAt: at };
    if (!phase) return [];
    const exitCode = this.#exitCode;
    this.#exitCode = 0;
    // Strider's server reads the one name of the code, its pages the other.
    return [['phase.done', { phase: phase.name, time: new Date(at), exitCode, code: exitCode, next, elapsed: at - phase.startedAt }]];
  }
}

function pluginStatus([plugin, name, ...args]: [string, ...unknown[]], time: Date): StriderStatus {
  if (name === 'comment') return ['command.comment', { comment: args[0], plugin, time }];
  if (name === 'data') return ['plugin-data', { plugin, ...(args[0] as object) }];
  return [String(name), ...args];
}

const textOf = (output: string | Uint8Array): string => (typeof output === 'string' ? output : new TextDecoder().decode(output));

/** What a plugin of Strider's says by a status, in our words. A command that it runs by itself begins and ends without a number. */
export type StriderSaying =
  | { kind: 'output'; stream: 'stdout' | 'stderr'; text: string }
  | { kind: 'command'; command: string }
  | { kind: 'command-done'; exitCode: number }
  | { kind: 'event'; event: Extract<AttemptEvent, { name: 'job:plugin' }> };

/** The other way: what a plugin says as `job.status.<name>`. A name that we do not know stays what the plugin said. */
export function sayingOf(plugin: string, [name, ...args]: StriderStatus): StriderSaying {
  const [first] = args;
  const fields = typeof first === 'object' && first !== null ? (first as Record<string, unknown>) : {};
  switch (name) {
    case 'stdout':
    case 'stderr':
      return { kind: 'output', stream: name, text: String(first ?? '') };
    case 'command.start':
      return { kind: 'command', command: String(fields.command ?? '') };
    case 'command.done':
      return { kind: 'command-done', exitCode: Number.isInteger(fields.exitCode) ? Number(fields.exitCode) : 1 };
    case 'command.comment':
      return saying(String(fields.plugin ?? plugin), 'comment', String(fields.comment ?? ''));
    case 'plugin-data': {
      const { plugin: of = plugin, data = null, method = 'replace', path } = fields;
      return saying(String(of), 'data', { data, method, ...(path !== undefined && path !== null && { path }) });
    }
    default:
      return saying(plugin, name, ...args);
  }
}

const saying = (plugin: string, ...args: unknown[]): StriderSaying => ({
  kind: 'event',
  event: { name: 'job:plugin', args: [plugin || 'plugin', ...args] },
});
