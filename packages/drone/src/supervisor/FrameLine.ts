import type { JobFrame } from '@skep/protocol';
import type { Clock } from './Clock.js';
import type { Link } from './Link.js';

/** Bytes of frames that may be unconfirmed on one connection. */
export const LINE_BYTES = 32 * 1024 * 1024;
/** Milliseconds after which a frame without an answer shows that the connection is dead. */
export const ANSWER_MS = 30_000;

/** Who sends frames over the line. */
export interface Sender {
  flush(): void;
}

/** What all attempts of a drone share: one connection, its budget of bytes, and the watch over unanswered frames. */
export class FrameLine {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #dirty = new Set<Sender>();
  /** Who waits for room on the line, longest first. */
  readonly #waiting = new Set<Sender>();
  /** When each unanswered frame left, oldest first. */
  readonly #unanswered = new Map<number, number>();
  #frames = 0;
  #bytes = 0;
  #connection = 0;
  #open = false;
  #flushing = false;
  #cancelWatch: (() => void) | undefined;

  constructor(link: Link, clock: Clock) {
    this.#link = link;
    this.#clock = clock;
  }

  /** Whether frames may leave: we are connected and the queen has said what it wants. */
  get isOpen(): boolean {
    return this.#open;
  }

  get isFull(): boolean {
    return this.#bytes >= LINE_BYTES;
  }

  open(): void {
    this.#open = true;
  }

  /** The connection is gone, and with it every answer that was to come. */
  close(): void {
    this.#open = false;
    this.#connection += 1;
    this.#bytes = 0;
    this.#unanswered.clear();
    this.#waiting.clear();
    this.#cancelWatch?.();
    this.#cancelWatch = undefined;
  }

  /** Lets the sender send at the end of this turn, so that all events of a turn share a frame. */
  flushSoon(sender: Sender): void {
    this.#dirty.add(sender);
    if (this.#flushing) return;
    this.#flushing = true;
    this.#clock.soon(() => {
      this.#flushing = false;
      const dirty = [...this.#dirty];
      this.#dirty.clear();
      for (const each of dirty) each.flush();
    });
  }

  /** Lets the sender send when the line has room again. */
  flushWhenRoom(sender: Sender): void {
    this.#waiting.add(sender);
  }

  forget(sender: Sender): void {
    this.#dirty.delete(sender);
    this.#waiting.delete(sender);
  }

  /** @param answered never called once the connection is lost */
  send(frame: JobFrame, bytes: number, answered: (answer: unknown) => void): void {
    const connection = this.#connection;
    const number = this.#frames++;
    this.#bytes += bytes;
    this.#unanswered.set(number, this.#clock.now());
    this.#cancelWatch ??= this.#clock.setTimeout(() => this.#watch(), ANSWER_MS);
    this.#link.frame(frame, (answer) => {
      if (connection !== this.#connection) return;
      this.#bytes -= bytes;
      this.#unanswered.delete(number);
      answered(answer);
      if (this.#waiting.size === 0 || this.isFull) return;
      for (const sender of this.#waiting) this.flushSoon(sender);
      this.#waiting.clear();
    });
  }

  /** One timer for all frames: it looks at the oldest, and comes again when that would be due. */
  #watch(): void {
    this.#cancelWatch = undefined;
    const oldest = this.#unanswered.values().next();
    if (oldest.done) return;
    const left = oldest.value + ANSWER_MS - this.#clock.now();
    if (left <= 0) this.#link.drop(`no answer to a frame within ${ANSWER_MS / 1000} s`);
    else this.#cancelWatch = this.#clock.setTimeout(() => this.#watch(), left);
  }
}
