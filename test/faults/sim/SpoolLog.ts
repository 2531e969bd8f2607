import { createHash } from 'node:crypto';
import { type AttemptEvent, FRAME_EVENTS, type PackedEvent } from '@skep/protocol';
import type { EndMark, Spool, SpoolRun } from '../../../packages/drone/src/spool/Spool.js';

/** About what the frame around an event takes. */
const EVENT_BYTES = 32;

/** Whose events they are. */
export interface LogHeader {
  readonly id: string;
  readonly attempt: number;
  readonly lease: number;
  /** Unix ms by the queen's clock. */
  readonly assigned: number;
}

/** All that an attempt wrote: the file on its drone's disk. It outlives the supervisor and the executor. */
export class SpoolLog {
  readonly events: PackedEvent[] = [];
  /** Bytes of all events up to each, the first of them 0. */
  readonly sizes: number[] = [0];
  readonly #hash = createHash('sha256');
  end: EndMark | undefined;

  constructor(
    readonly header: LogHeader,
    readonly receivedAt: number,
  ) {}

  append(offsetMs: number, { name, args }: AttemptEvent): void {
    const text = name.endsWith('stdout') || name.endsWith('stderr') ? String(args.at(-1)) : '';
    if (text !== '') this.#hash.update(text);
    this.events.push([Math.floor(offsetMs), name, ...args]);
    this.sizes.push((this.sizes.at(-1) ?? 0) + EVENT_BYTES + text.length);
  }

  close(): void {
    this.end ??= { events: this.events.length, sha256: this.#hash.digest('hex') };
  }
}

/** Reads a log for one supervisor, as it would the file. */
export class LogSpool implements Spool {
  #seq = 0;
  #forgotten = 0;
  #endRead = false;

  constructor(
    readonly log: SpoolLog,
    private readonly onDrop: () => void,
  ) {}

  unread(): number {
    const { sizes, end } = this.log;
    return (sizes.at(-1) ?? 0) - (sizes[this.#seq] ?? 0) + (end && !this.#endRead ? EVENT_BYTES : 0);
  }

  read(maxBytes: number): SpoolRun {
    const { events, sizes, end } = this.log;
    const seq = this.#seq;
    const start = sizes[seq] ?? 0;
    while (this.#seq < events.length && (sizes[this.#seq] ?? 0) - start < maxBytes && this.#seq - seq < FRAME_EVENTS) this.#seq += 1;
    const run = { seq, events: events.slice(seq, this.#seq), bytes: (sizes[this.#seq] ?? 0) - start };
    if (!end || this.#seq < events.length) return run;
    this.#endRead = true;
    return { ...run, end };
  }

  seek(seq: number): void {
    if (seq < this.#forgotten) throw new RangeError(`The events before seq ${this.#forgotten} are forgotten`);
    this.#seq = Math.min(seq, this.count());
    this.#endRead = false;
  }

  forget(seq: number): void {
    this.#forgotten = Math.max(this.#forgotten, Math.min(seq, this.#seq));
  }

  count(): number {
    return this.log.events.length;
  }

  drop(): void {
    this.onDrop();
  }
}
