import { createHash, type Hash } from 'node:crypto';
import { type AttemptEvent, FRAME_EVENTS, MAX_EVENT_BYTES, type PackedEvent, SkepError } from '@skep/protocol';
import { outputOf } from './record.js';
import type { EndMark, Spool, SpoolRun } from './Spool.js';

/** The most output and progress that waits in memory for the queen, per attempt. */
const MAX_BYTES = 64 * 1024 * 1024;
/** About what the frame around an event takes. */
const EVENT_BYTES = 32;
const NO_OUTPUT_SHA256 = createHash('sha256').digest('hex');

/** The spool of an attempt that runs in the supervisor's own process: its events cannot outlive the process anyway. */
export class MemorySpool implements Spool {
  /** The events from seq `#first` on. */
  readonly #events: PackedEvent[] = [];
  readonly #sizes: number[] = [];
  #first = 0;
  #seq = 0;
  #unread = 0;
  #kept = 0;
  #hash: Hash | undefined;
  #end: EndMark | undefined;
  #endRead = false;

  /**
   * Appends an event. Values are kept as JSON has them.
   * @throws {SkepError} PAYLOAD_TOO_LARGE if no frame could carry it, OUTPUT_LIMIT if too much waits for the queen; TypeError if a value has no JSON
   */
  append(offsetMs: number, event: AttemptEvent): void {
    const { name, args } = event;
    const packed: PackedEvent = [offsetMs, name];
    let bytes = EVENT_BYTES;
    const output = outputOf(event);
    for (const arg of output.length > 0 ? args.slice(0, -1) : args) {
      const [value, size] = asJson(arg);
      packed.push(value);
      bytes += size;
    }
    if (output.length > 0) {
      // What a handler says is text, so no frame of it has more attachments than a decoder takes.
      packed.push(Buffer.from(output).toString());
      bytes += output.length;
    }
    if (bytes > MAX_EVENT_BYTES) throw new SkepError('PAYLOAD_TOO_LARGE', `${name} is larger than ${MAX_EVENT_BYTES} bytes`);
    if (this.#kept + bytes > MAX_BYTES && (output.length > 0 || name === 'job:progress'))
      throw new SkepError('OUTPUT_LIMIT', `${MAX_BYTES} bytes of this attempt wait for the queen`);
    if (output.length > 0) this.#hash = (this.#hash ?? createHash('sha256')).update(output);
    this.#events.push(packed);
    this.#sizes.push(bytes);
    this.#kept += bytes;
    this.#unread += bytes;
  }

  /** Sets the end mark; nothing comes after it. */
  end(): void {
    this.#end ??= { events: this.count(), sha256: this.#hash?.digest('hex') ?? NO_OUTPUT_SHA256 };
  }

  get ended(): boolean {
    return this.#end !== undefined;
  }

  unread(): number {
    return this.#unread + (this.#end && !this.#endRead ? EVENT_BYTES : 0);
  }

  read(maxBytes: number): SpoolRun {
    const seq = this.#seq;
    const from = seq - this.#first;
    let to = from;
    let bytes = 0;
    while (to < this.#events.length && bytes < maxBytes && to - from < FRAME_EVENTS) {
      bytes += this.#sizes[to] ?? 0;
      to += 1;
    }
    this.#seq = this.#first + to;
    this.#unread -= bytes;
    const events = this.#events.slice(from, to);
    if (!this.#end || to < this.#events.length) return { seq, events, bytes };
    this.#endRead = true;
    return { seq, events, bytes, end: this.#end };
  }

  seek(seq: number): void {
    if (seq < this.#first) throw new RangeError(`The events before seq ${this.#first} are forgotten`);
    this.#seq = Math.min(seq, this.count());
    this.#unread = sum(this.#sizes.slice(this.#seq - this.#first));
    this.#endRead = false;
  }

  forget(seq: number): void {
    const count = Math.min(seq, this.#seq) - this.#first;
    if (count <= 0) return;
    this.#events.splice(0, count);
    this.#kept -= sum(this.#sizes.splice(0, count));
    this.#first += count;
  }

  count(): number {
    return this.#first + this.#events.length;
  }

  drop(): void {
    this.#events.length = 0;
    this.#sizes.length = 0;
  }
}

const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);

/** The value as JSON has it (so that it is the same whatever becomes of the original), and its size. */
function asJson(value: unknown): [unknown, number] {
  if (typeof value === 'number' && Number.isFinite(value)) return [value, 8];
  if (value === undefined || value === null) return [null, 4];
  const json = JSON.stringify(value) ?? 'null';
  return [typeof value === 'string' ? value : JSON.parse(json), json.length];
}
