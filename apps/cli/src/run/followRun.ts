import { type FollowItem, isOutput, type SkepClient } from '@skep/client';
import type { JobSummary } from '@skep/protocol';
import { EXIT, exitOfJob } from '../exitCodes.js';
import type { Terminal } from '../print/Terminal.js';
import { textOrBase64 } from '../print/textOrBase64.js';
import { spanWords, statusWords, waitingWords } from '../print/words.js';
import { Interrupts, type OnInterrupt } from './Interrupts.js';

export interface FollowRunOptions {
  client: SkepClient;
  terminal: Terminal;
  id: string;
  json: boolean;
  onInterrupt: OnInterrupt;
  /** What is shown; of a command's job if absent. */
  view?: { item(item: FollowItem): Promise<void> };
}

/** How following ended: the exit code and, for programs, why. */
export interface RunEnd {
  exit: number;
  reason: string;
}

/** Shows a job's output and state until it is done or somebody leaves; the job's stdout and stderr are passed on byte for byte. */
export async function followRun({ client, terminal, id, json, onInterrupt, view }: FollowRunOptions): Promise<RunEnd> {
  const leaving = new AbortController();
  let left: RunEnd | undefined;
  const stopListening = new Interrupts(
    {
      cancel: (again) => {
        terminal.remark(
          again ? 'cancelling once more; Ctrl-C a third time to leave' : 'cancelling; Ctrl-C again to insist, a third time to leave',
        );
        client.cancel(id, 'interrupted at the terminal').catch((error: Error) => terminal.remark(`could not cancel: ${error.message}`));
      },
      leave: (exit) => {
        left = { exit, reason: 'detached' };
        leaving.abort();
      },
    },
    onInterrupt,
  ).listen();
  const show = view ?? (json ? new JsonView(terminal) : new View(terminal));
  try {
    for await (const item of client.follow(id, { signal: leaving.signal })) {
      await show.item(item);
      if (item.type === 'summary' && item.summary.status === 'done')
        return { exit: exitOfJob(item.summary), reason: statusWords(item.summary) };
    }
  } finally {
    stopListening();
    terminal.endStatus();
  }
  terminal.remark(`left; the job goes on: skep logs -f ${id}`);
  return left ?? { exit: EXIT.skepFailed, reason: 'unknown' };
}

/** What a person sees. */
export class View {
  readonly #terminal: Terminal;
  #attempt = 1;
  #hasOutput = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  async item(item: FollowItem): Promise<void> {
    const terminal = this.#terminal;
    if (isOutput(item)) {
      this.#hasOutput = true;
      return terminal.bytes(item.name === 'job:cmd:stdout' ? 'stdout' : 'stderr', item.args[1]);
    }
    if (item.type === 'connection') return terminal.remark(item.state === 'lost' ? 'connection lost; trying again' : 'connected again');
    if (item.type === 'summary') {
      this.#summary(item.summary);
      return;
    }
    if (item.attempt !== this.#attempt) {
      terminal.remark(`attempt ${item.attempt}`);
      this.#attempt = item.attempt;
      this.#hasOutput = false;
    }
    if (item.name === 'job:errored') terminal.remark(`${item.args[0].code}: ${item.args[0].message}`);
  }

  #summary(summary: JobSummary): void {
    const terminal = this.#terminal;
    if (summary.status === 'queued') terminal.status(waitingWords(summary.waiting));
    else if (summary.status === 'done') terminal.remark(`${statusWords(summary)}${tookWords(summary)}`);
    // Output says by itself that the job runs.
    else if (!this.#hasOutput) terminal.status(statusWords(summary));
  }
}

/** What a program sees: every item on a line of JSON. */
export class JsonView {
  /** @param more what each line says beside the item */
  constructor(
    private readonly terminal: Terminal,
    private readonly more: object = {},
  ) {}

  async item(item: FollowItem): Promise<void> {
    if (!isOutput(item)) return this.terminal.json({ ...item, ...this.more });
    const [command, bytes, place] = item.args;
    const stream = item.name === 'job:cmd:stdout' ? 'stdout' : 'stderr';
    const { cursor, attempt, at } = item;
    await this.terminal.json({ type: 'output', cursor, attempt, at, command, stream, ...place, ...textOrBase64(bytes), ...this.more });
  }
}

const tookWords = ({ started, finished }: JobSummary): string =>
  started === null || finished === null ? '' : ` after ${spanWords(finished - started)}`;
