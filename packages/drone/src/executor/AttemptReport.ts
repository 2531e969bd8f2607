import type { AttemptEvent, Stream } from '@skep/protocol';
import { Limits } from '@skep/protocol';
import { type Chunk, OutputCutter } from '../output/OutputCutter.js';
import { maskText, SecretMask } from '../output/SecretMask.js';
import { isDiskFull } from '../spool/whenRoom.js';
import type { AbortReason } from './AttemptContext.js';

/** The most output of one attempt. */
const OUTPUT_LIMIT_BYTES = Limits.shape.maxOutput.parse(undefined);
/** How long the rest of a line waits for its end: long enough for a program that writes it in pieces, too short for people to notice. */
const REST_MS = 20;

export interface ReportOptions {
  readonly emit: (event: AttemptEvent) => void;
  readonly secrets: readonly Buffer[];
  /** Called once, if the spool takes no more or the output grows beyond its limit. */
  readonly onBroken: (reason: AbortReason) => void;
  readonly outputLimitBytes?: number;
}

/** What is told of an attempt: masked, cut, counted. Never throws: a spool that takes no more ends the attempt. */
export class AttemptReport {
  /** When output or a new command was last heard of, by performance.now(). */
  heardAt = performance.now();
  readonly #options: ReportOptions;
  #outputLeft: number;
  #isBroken = false;
  #isFull = false;

  constructor(options: ReportOptions) {
    this.#options = options;
    this.#outputLeft = options.outputLimitBytes ?? OUTPUT_LIMIT_BYTES;
  }

  /** Tells an event. */
  say(event: AttemptEvent): void {
    // Once one is missing, those after it would make no sense.
    if (this.#isFull) return;
    try {
      this.#options.emit(event);
    } catch (error) {
      this.#isFull = true;
      this.#break(diskReason(error));
    }
  }

  /** Text without secrets. */
  masked(text: string): string {
    return maskText(text, this.#options.secrets);
  }

  /** Takes what a command writes. */
  outputOf(num: number): CommandOutput {
    return new CommandOutput(this.#options.secrets, (chunk) => this.#tell(num, chunk));
  }

  #tell(num: number, { stream, bytes }: Chunk): void {
    if (this.#isBroken || this.#outputLeft <= 0) return;
    const kept = bytes.subarray(0, this.#outputLeft);
    this.#outputLeft -= bytes.length;
    this.say({ name: `job:cmd:${stream}`, args: [num, kept as Uint8Array<ArrayBuffer>] });
    if (this.#outputLeft > 0) return;
    this.say({ name: 'job:cmd:stderr', args: [num, '\n[output limit reached: the rest was dropped]\n'] });
    this.#break({ code: 'output-limit', message: `more output than ${this.#options.outputLimitBytes ?? OUTPUT_LIMIT_BYTES} bytes` });
  }

  #break(reason: AbortReason): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#options.onBroken(reason);
  }
}

/** The two outputs of one command on their way into the report. */
export class CommandOutput {
  readonly #cutter = new OutputCutter();
  readonly #masks: Record<Stream, SecretMask>;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    secrets: readonly Buffer[],
    private readonly tell: (chunk: Chunk) => void,
  ) {
    this.#masks = { stdout: new SecretMask(secrets), stderr: new SecretMask(secrets) };
  }

  /** Bytes as the command wrote them. */
  feed(stream: Stream, bytes: Buffer): void {
    this.#tellAll(this.#cutter.feed(stream, this.#masks[stream].feed(bytes)));
    if (this.#cutter.isWaiting) this.#timer ??= setTimeout(() => this.#rest(), REST_MS);
    else this.#stopTimer();
  }

  /** Nothing more comes. */
  end(): void {
    this.#stopTimer();
    for (const stream of ['stdout', 'stderr'] as const) this.#tellAll(this.#cutter.feed(stream, this.#masks[stream].end()));
    this.#tellAll(this.#cutter.end());
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
    for (const chunk of chunks) this.tell(chunk);
  }
}

/** Why an attempt ends whose files cannot be written. */
export const diskReason = (error: unknown): AbortReason => {
  const message = error instanceof Error ? error.message : String(error);
  return isDiskFull(error)
    ? { code: 'disk-full', message: `the disk of the drone is full: ${message}` }
    : { code: 'drone-failed', message };
};
