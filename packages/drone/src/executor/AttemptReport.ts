import type { AttemptEvent, Stream } from '@skep/protocol';
import { type Chunk, OutputCutter } from '../output/OutputCutter.js';
import { OutputLimit } from '../output/OutputLimit.js';
import { outputEvents } from '../output/outputEvents.js';
import { maskText, SecretMask } from '../output/SecretMask.js';
import { isDiskFull } from '../spool/whenRoom.js';
import type { AbortReason } from './AttemptContext.js';

/** How long the rest of a line waits for its end: long enough for a program that writes it in pieces, too short for people to notice. */
const REST_MS = 20;

export interface ReportOptions {
  readonly emit: (event: AttemptEvent) => void;
  readonly secrets: readonly Buffer[];
  /** Called once, if the spool takes no more. */
  readonly onBroken: (reason: AbortReason) => void;
  /** Bytes of output that are told; of more than that, head and tail. */
  readonly maxOutput: number;
}

/** What is told of an attempt: masked, cut, counted. Never throws: a spool that takes no more ends the attempt. */
export class AttemptReport {
  /** When output or a new command was last heard of, by performance.now(). */
  heardAt = performance.now();
  readonly #options: ReportOptions;
  readonly #limit: OutputLimit;
  #isBroken = false;

  constructor(options: ReportOptions) {
    this.#options = options;
    this.#limit = new OutputLimit(options.maxOutput);
  }

  /** Tells an event. */
  say(event: AttemptEvent): void {
    // Once one is missing, those after it would make no sense.
    if (this.#isBroken) return;
    try {
      this.#options.emit(event);
    } catch (error) {
      this.#isBroken = true;
      this.#options.onBroken(diskReason(error));
    }
  }

  /** Text without secrets. */
  masked(text: string): string {
    return maskText(text, this.#options.secrets);
  }

  /** Takes what a command writes; without its number, what is said between commands. */
  outputOf(num?: number): CommandOutput {
    const tell = (chunks: readonly Chunk[]): void => {
      for (const event of outputEvents(chunks, num)) this.say(event);
    };
    return new CommandOutput(this.#options.secrets, {
      chunk: (chunk) => tell(this.#limit.pass(chunk)),
      end: () => tell(this.#limit.end()),
    });
  }
}

/** The two outputs of one command on their way into the report. */
export class CommandOutput {
  readonly #cutter = new OutputCutter();
  readonly #masks: Record<Stream, SecretMask>;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    secrets: readonly Buffer[],
    private readonly told: { chunk(chunk: Chunk): void; end(): void },
  ) {
    this.#masks = { stdout: new SecretMask(secrets), stderr: new SecretMask(secrets) };
  }

  /** Bytes as the command wrote them. */
  feed(stream: Stream, bytes: Buffer): void {
    this.#tellAll(this.#cutter.feed(stream, this.#masks[stream].feed(bytes)));
    if (this.#cutter.isWaiting) this.#timer ??= setTimeout(() => this.#rest(), REST_MS);
    else this.#stopTimer();
  }

  /** What is there is told now, with whatever its line still lacks. */
  flush(): void {
    this.#stopTimer();
    this.#tellAll(this.#cutter.rest());
  }

  /** Nothing more comes. */
  end(): void {
    this.#stopTimer();
    for (const stream of ['stdout', 'stderr'] as const) this.#tellAll(this.#cutter.feed(stream, this.#masks[stream].end()));
    this.#tellAll(this.#cutter.end());
    this.told.end();
  }

  #rest(): void {
    this.#timer = undefined;
    this.#tellAll(this.#cutter.rest());
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #tellAll(chunks: readonly Chunk[]): void {
    for (const chunk of chunks) this.told.chunk(chunk);
  }
}

/** Why an attempt ends whose files cannot be written. */
export const diskReason = (error: unknown): AbortReason => {
  const message = error instanceof Error ? error.message : String(error);
  return isDiskFull(error)
    ? { code: 'disk-full', message: `the disk of the drone is full: ${message}` }
    : { code: 'drone-failed', message };
};
