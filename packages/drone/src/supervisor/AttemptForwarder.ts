import type { HeldAttempt, JobFrame } from '@skep/protocol';
import type { Spool } from '../spool/Spool.js';
import { backoffMs } from './backoff.js';
import type { Clock } from './Clock.js';
import type { FrameLine, Sender } from './FrameLine.js';
import type { FrameAnswer } from './Link.js';

/** Frames of one attempt that may be unconfirmed before what comes in is gathered. */
export const WINDOW = 16;
/** What is gathered leaves as soon as it is this much, ... */
export const GATHER_BYTES = 64 * 1024;
/** ... or this many ms after its first byte. */
export const GATHER_MS = 50;
/** Unconfirmed bytes of one attempt beyond which nothing leaves. */
export const ATTEMPT_BYTES = 4 * 1024 * 1024;

/**
 * Refusals that end the attempt: its right to report is over (another may be running), or the queen will never take
 * this frame and has ended the attempt itself. All others pass: STORE_FULL, QUEEN_STOPPING, RATE_LIMITED and the like.
 */
const finalCodes: ReadonlySet<string> = new Set([
  ...['LEASE_ENDED', 'NOT_YOUR_JOB', 'JOB_NOT_FOUND'],
  ...['INVALID_MESSAGE', 'UNKNOWN_EVENT', 'COMMAND_NOT_FOUND', 'OUTPUT_LIMIT'],
]);

export interface ForwarderListener {
  /** The queen has all of it, durable. */
  confirmed(): void;
  /** The queen takes no more of this attempt. */
  leaseEnded(reason: string): void;
  /** A frame was refused and is sent again after a while. */
  refused(error: { code: string; message: string }, retryMs: number): void;
}

/**
 * Sends the events of one attempt to the queen, each once, in order, whatever happens to the connection.
 *
 *     shut --resumed(cursor)--> open --disconnected()--> shut
 *     open --refused--> waiting --back-off--> open, from what was confirmed last
 */
export class AttemptForwarder implements Sender {
  readonly #attempt: Omit<HeldAttempt, 'cursor'>;
  readonly #spool: Spool;
  readonly #line: FrameLine;
  readonly #clock: Clock;
  readonly #listener: ForwarderListener;
  #open = false;
  #confirmed = 0;
  /** The seq after the newest event that was sent. */
  #sent = 0;
  #frames = 0;
  #bytes = 0;
  /** Answers to frames from before a step back count no more. */
  #epoch = 0;
  #tries = 0;
  #gapAt = -1;
  #cancelGather: (() => void) | undefined;
  #gathered = false;
  #cancelRetry: (() => void) | undefined;

  constructor(attempt: Omit<HeldAttempt, 'cursor'>, spool: Spool, line: FrameLine, clock: Clock, listener: ForwarderListener) {
    this.#attempt = attempt;
    this.#spool = spool;
    this.#line = line;
    this.#clock = clock;
    this.#listener = listener;
  }

  /** The seq before which everything is durable at the queen. */
  get confirmed(): number {
    return this.#confirmed;
  }

  /** The queen wants the events from this seq on. @throws {RangeError} if it once confirmed more than that */
  resumed(cursor: number): void {
    this.#stepBack(cursor);
    this.#open = true;
    this.wake();
  }

  disconnected(): void {
    this.#open = false;
    this.#stepBack(this.#confirmed);
  }

  /** There may be something new in the spool. */
  wake(): void {
    if (this.#open) this.#line.flushSoon(this);
  }

  /** Nothing leaves any more. */
  close(): void {
    this.#open = false;
    this.#reset();
    this.#line.forget(this);
  }

  flush(): void {
    while (this.#open && this.#line.isOpen && !this.#cancelRetry) {
      const unread = this.#spool.unread();
      if (unread === 0 || this.#bytes >= ATTEMPT_BYTES) return;
      if (this.#line.isFull) {
        this.#line.flushWhenRoom(this);
        return;
      }
      if (this.#frames >= WINDOW && unread < GATHER_BYTES && !this.#gathered) {
        this.#gather();
        return;
      }
      if (!this.#sendNext()) return;
    }
  }

  #gather(): void {
    this.#cancelGather ??= this.#clock.setTimeout(() => {
      this.#cancelGather = undefined;
      this.#gathered = true;
      this.flush();
    }, GATHER_MS);
  }

  #sendNext(): boolean {
    const { seq, events, bytes, end } = this.#spool.read(GATHER_BYTES);
    this.#gathered = false;
    this.#cancelGather?.();
    this.#cancelGather = undefined;
    if (events.length === 0 && !end) return false;
    const frame: JobFrame = { ...this.#attempt, seq, events, ...(end && { end }) };
    const epoch = this.#epoch;
    this.#sent = seq + events.length;
    this.#frames += 1;
    this.#bytes += bytes;
    this.#line.send(frame, bytes, (answer) => {
      if (epoch !== this.#epoch) return;
      this.#frames -= 1;
      this.#bytes -= bytes;
      this.#answered(frame, answer);
    });
    return true;
  }

  #answered(frame: JobFrame, raw: unknown): void {
    const answer = readAnswer(raw);
    if ('error' in answer) {
      this.#refused(answer.error);
      return;
    }
    if (answer.cursor > this.#sent) {
      this.#again(`the queen confirmed events up to ${answer.cursor}, which were not sent`);
      return;
    }
    this.#confirmed = Math.max(this.#confirmed, answer.cursor);
    this.#spool.forget(this.#confirmed);
    if (answer.cursor < frame.seq + frame.events.length) {
      this.#again('the queen confirmed only a part of a frame');
      return;
    }
    this.#tries = 0;
    if (frame.end) this.#listener.confirmed();
    else this.flush();
  }

  #refused(error: { code: string; message: string }): void {
    if (finalCodes.has(error.code)) {
      this.close();
      this.#listener.leaseEnded(`${error.code}: ${error.message}`);
    } else if (error.code === 'SEQ_GAP' && this.#gapAt !== this.#confirmed) {
      // Only once at each place: a gap that stays shall not become a tight loop.
      this.#gapAt = this.#confirmed;
      this.#stepBack(this.#confirmed);
      this.wake();
    } else {
      this.#again(error.message, error.code);
    }
  }

  #again(message: string, code = 'INTERNAL'): void {
    this.#stepBack(this.#confirmed);
    const ms = backoffMs(this.#tries++);
    this.#listener.refused({ code, message }, ms);
    this.#cancelRetry = this.#clock.setTimeout(() => {
      this.#cancelRetry = undefined;
      this.flush();
    }, ms);
  }

  #stepBack(seq: number): void {
    this.#reset();
    this.#confirmed = seq;
    this.#sent = seq;
    this.#spool.seek(seq);
    this.#spool.forget(seq);
  }

  #reset(): void {
    this.#epoch += 1;
    this.#frames = 0;
    this.#bytes = 0;
    this.#gathered = false;
    this.#cancelGather?.();
    this.#cancelGather = undefined;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
  }
}

/** By hand and not by schema: every frame has an answer, and a queen that answers nonsense is tried again anyway. */
function readAnswer(raw: unknown): FrameAnswer {
  const answer = (typeof raw === 'object' && raw !== null ? raw : {}) as {
    cursor?: unknown;
    error?: { code?: unknown; message?: unknown };
  };
  if (Number.isSafeInteger(answer.cursor) && (answer.cursor as number) >= 0) return { cursor: answer.cursor as number };
  const { code = 'INTERNAL', message = 'the queen gave no cursor' } = answer.error ?? {};
  return { error: { code: String(code) as 'INTERNAL', message: String(message) } };
}
