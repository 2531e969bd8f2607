import { type FollowItem, isOutput, type SearchOptions, type SkepClient } from '@skep/client';
import type { AttemptInfo, JobSummary, OutputErrors } from '@skep/protocol';
import { LineStore } from './LineStore.js';
import { OutputModel } from './OutputModel.js';

/** How the output comes: `waiting` for the first of it, `coming`, `lost` (the connection), all `there`, or `failed`. */
export type LoadState = 'waiting' | 'coming' | 'lost' | 'there' | 'failed';

export interface LoaderOptions {
  client: SkepClient;
  jobId: string;
  /** The attempt to show, and the cursor of its first event. */
  attempt: number;
  firstCursor: number;
  /** Called when the model or the state has changed; often. */
  onChange(): void;
  /** The job has another summary. */
  onSummary(summary: JobSummary): void;
  /** An event other than output; for lists of events. */
  onEvent(at: number, name: string, args: readonly unknown[]): void;
}

/** Lines that are read around a place that is far ahead. */
const AHEAD_LINES = 400;

/** Fills a model with the output of one attempt, from its first event to its last, across lost connections. */
export class OutputLoader {
  readonly model = new OutputModel();
  state: LoadState = 'waiting';
  error: unknown;
  readonly #options: LoaderOptions;
  readonly #leaving = new AbortController();
  #wanted: number | undefined;

  constructor(options: LoaderOptions) {
    this.#options = options;
  }

  /** Begins to read; ends with the attempt, or with `close`. */
  async start(): Promise<void> {
    const { client, jobId, firstCursor } = this.#options;
    try {
      for await (const item of client.follow(jobId, {
        cursor: firstCursor,
        signal: this.#leaving.signal,
        awayMs: Number.POSITIVE_INFINITY,
      })) {
        if (!this.#take(item)) break;
        this.#options.onChange();
      }
      if (!this.#leaving.signal.aborted) this.#become('there');
    } catch (error) {
      this.error = error;
      this.#become('failed');
    }
  }

  close(): void {
    this.#leaving.abort();
  }

  /** What the queen says of the attempt: its lines have places before they are there, and where some are missing is known. */
  expect({ output }: AttemptInfo): void {
    this.model.expectLines(output.lines);
    this.model.setGaps(output.gaps ?? []);
  }

  /** Reads the lines around one (from 0) at once, if they are not there yet. */
  async showLine(line: number): Promise<void> {
    const { client, jobId, attempt, onChange } = this.#options;
    if (line < this.model.main.lines || (this.#wanted !== undefined && Math.abs(this.#wanted - line) < AHEAD_LINES / 4)) return;
    this.#wanted = line;
    const from = Math.max(0, line - AHEAD_LINES / 2);
    try {
      const part = { attempt, lines: `${from + 1}-${from + AHEAD_LINES}` };
      let store: LineStore | undefined;
      for await (const chunk of client.chunks(jobId, part, this.#leaving.signal)) {
        store ??= new LineStore(chunk.firstByte, chunk.firstLine);
        store.append(chunk);
      }
      if (store) this.model.showAhead(store);
      onChange();
    } catch {
      // The main stream comes there too; nothing is lost but time.
      this.#wanted = undefined;
    }
  }

  /** Where the queen knows of errors; undefined while the output grows. */
  async errors(): Promise<OutputErrors | undefined> {
    const { client, jobId, attempt } = this.#options;
    return (await client.outputIndex(jobId, attempt, true)).errors;
  }

  /** What the queen finds in all that was written so far. */
  search(query: Omit<SearchOptions, 'attempt'>): ReturnType<SkepClient['search']> {
    const { client, jobId, attempt } = this.#options;
    return client.search(jobId, { ...query, attempt });
  }

  #become(state: LoadState): void {
    this.state = state;
    this.#options.onChange();
  }

  /** @returns whether there may be more of this attempt */
  #take(item: FollowItem): boolean {
    if (item.type === 'summary') this.#options.onSummary(item.summary);
    else if (item.type === 'connection') this.state = item.state === 'lost' ? 'lost' : 'coming';
    else {
      if (item.attempt > this.#options.attempt) return false;
      this.state = 'coming';
      this.#takeEvent(item);
    }
    return true;
  }

  #takeEvent(item: Extract<FollowItem, { type: 'event' }>): void {
    const { model } = this;
    if (isOutput(item)) {
      const [command, bytes] = item.args;
      model.append({ bytes, command, stream: item.name === 'job:cmd:stdout' ? 'stdout' : 'stderr', at: item.at });
      return;
    }
    if (item.name === 'job:phase') model.startPhase(item.args[0]);
    else if (item.name === 'job:cmd:start') model.startCommand(item.args[0], item.args[2] ?? item.args[1], item.at);
    else if (item.name === 'job:cmd:done') model.endCommand(item.args[0], item.args[1], item.args[2] ?? null, item.at);
    this.#options.onEvent(item.at, item.name, item.args);
  }
}
