import { type FollowItem, isOutput, type SkepClient } from '@skep/client';
import { cellWords, type JobSummary } from '@skep/protocol';
import type { Terminal } from '../print/Terminal.js';
import { leftOutWords, spanWords, statusWords } from '../print/words.js';
import { JsonView, View } from './followRun.js';
import { LinePrefix } from './LinePrefix.js';

export interface ChildrenViewOptions {
  client: SkepClient;
  terminal: Terminal;
  /** The parent. */
  id: string;
  json: boolean;
}

/**
 * A parent as it runs: the output of all its children, each line after the name of its cell where there are several. It is
 * given what is heard of the parent, and follows the children by itself, and theirs.
 */
export class ChildrenView {
  readonly #options: ChildrenViewOptions;
  readonly #own: View | JsonView;
  readonly #leaving = new AbortController();
  readonly #following = new Map<string, Promise<void>>();
  #hasSaidLeftOut = false;

  constructor(options: ChildrenViewOptions) {
    this.#options = options;
    this.#own = options.json ? new JsonView(options.terminal) : new View(options.terminal);
  }

  /** Something was heard of the parent. */
  async item(item: FollowItem): Promise<void> {
    if (item.type !== 'summary') return this.#own.item(item);
    this.#sayLeftOut(item.summary);
    await this.#look(item.summary);
    // What its children said comes before its end.
    if (item.summary.status === 'done') await this.#finished();
    await this.#own.item(item);
  }

  /** Follows no more. */
  leave(): void {
    this.#leaving.abort();
  }

  async #finished(): Promise<void> {
    for (let known = -1; known !== this.#following.size; ) {
      known = this.#following.size;
      await Promise.all(this.#following.values());
    }
  }

  #sayLeftOut({ children }: JobSummary): void {
    if (this.#options.json || this.#hasSaidLeftOut) return;
    this.#hasSaidLeftOut = true;
    for (const words of (children?.leftOut ?? []).map(leftOutWords)) this.#options.terminal.remark(words);
  }

  /** Follows those children that are not followed yet. */
  async #look({ id, children }: JobSummary, isNested = false): Promise<void> {
    if (!children || this.#leaving.signal.aborted) return;
    const found = await this.#options.client.children(id);
    const isAlone = children.kind === 'cells' && found.length === 1 && !isNested;
    for (const child of found) if (!this.#following.has(child.id)) this.#following.set(child.id, this.#follow(child, isAlone));
  }

  async #follow(child: JobSummary, isAlone: boolean): Promise<void> {
    const { client, json } = this.#options;
    const view = json ? new JsonView(this.#options.terminal, { job: child.id, cell: child.cell }) : this.#viewOf(child, isAlone);
    for await (const item of client.follow(child.id, { signal: this.#leaving.signal })) {
      // The same is heard of the parent's connection.
      if (item.type === 'connection') continue;
      if (item.type === 'summary') await this.#look(item.summary, true);
      await view.item(item);
    }
  }

  #viewOf(child: JobSummary, isAlone: boolean): { item(item: FollowItem): Promise<void> } {
    return isAlone && !child.children ? new AloneView(this.#options.terminal) : new ChildView(this.#options.terminal, child);
  }
}

/** The only child: its output as it is; how it ended, its parent says. */
class AloneView {
  readonly #view: View;

  constructor(terminal: Terminal) {
    this.#view = new View(terminal);
  }

  async item(item: FollowItem): Promise<void> {
    if (item.type !== 'summary' || item.summary.status !== 'done') await this.#view.item(item);
  }
}

/** One of several children: whole lines, each with its name before it. */
class ChildView {
  readonly #terminal: Terminal;
  readonly #name: string;
  readonly #lines: Record<'stdout' | 'stderr', LinePrefix>;

  constructor(terminal: Terminal, { id, cell }: JobSummary) {
    this.#terminal = terminal;
    this.#name = `[${cell ? cellWords(cell) : id}]`;
    this.#lines = { stdout: new LinePrefix(`${this.#name} `), stderr: new LinePrefix(`${this.#name} `) };
  }

  async item(item: FollowItem): Promise<void> {
    if (isOutput(item)) {
      const stream = item.name === 'job:cmd:stdout' ? 'stdout' : 'stderr';
      return this.#write(stream, this.#lines[stream].take(item.args[1]));
    }
    if (item.type === 'event' && item.name === 'job:errored') this.#terminal.remark(`${this.#name} ${item.args[0].message}`);
    if (item.type !== 'summary' || item.summary.status !== 'done') return;
    for (const stream of ['stdout', 'stderr'] as const) await this.#write(stream, this.#lines[stream].end());
    const { started, finished } = item.summary;
    const took = started === null || finished === null ? '' : ` after ${spanWords(finished - started)}`;
    this.#terminal.remark(`${this.#name} ${statusWords(item.summary)}${took}`);
  }

  async #write(stream: 'stdout' | 'stderr', bytes: Buffer): Promise<void> {
    if (bytes.length > 0) await this.#terminal.bytes(stream, bytes);
  }
}
