import { type FollowItem, isOutput } from '@skep/client';
import { EXIT } from '../exitCodes.js';
import type { Terminal } from '../print/Terminal.js';
import { JsonView, View } from './followRun.js';

/** Codes of attempts that no handler gave: the task was not performed, or nobody knows how far. */
const notPerformed = new Set(['unknown-handler', 'executor-died', 'executor-failed', 'drone-failed', 'disk-full', 'spool-failed']);

/** What a task says of itself, on stderr: stdout is for its result. */
export class TaskView {
  readonly #terminal: Terminal;
  readonly #json: boolean;
  readonly #others: View | JsonView;
  #attempt = 1;
  result: unknown = null;
  error: { code: string } | undefined;

  constructor(terminal: Terminal, json: boolean) {
    this.#terminal = terminal;
    this.#json = json;
    this.#others = json ? new JsonView(terminal) : new View(terminal);
  }

  async item(item: FollowItem): Promise<void> {
    if (item.type === 'event') {
      if (item.attempt !== this.#attempt) {
        this.#attempt = item.attempt;
        this.result = null;
        this.error = undefined;
      }
      if (item.name === 'job:result') [this.result] = item.args;
      if (item.name === 'job:errored') [this.error] = item.args;
    }
    if (this.#json) return this.#others.item(item);
    if (isOutput(item)) return this.#terminal.bytes('stderr', item.args[1]);
    if (item.type === 'event' && item.name === 'job:progress') return this.#terminal.remark(`progress ${JSON.stringify(item.args[0])}`);
    return this.#others.item(item);
  }
}

/**
 * What `skep task` exits with.
 * @param exit what `skep run` would
 */
export const exitOfTask = (exit: number, code: string | undefined): number =>
  exit === EXIT.skepFailed && code !== undefined && !notPerformed.has(code) ? EXIT.error : exit;
