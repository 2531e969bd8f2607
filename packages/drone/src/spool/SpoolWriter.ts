import { createHash, type Hash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, writevSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type AttemptEvent, MAX_EVENT_BYTES, SkepError } from '@skep/protocol';
import { RecordReader } from './RecordReader.js';
import { decode, decodeHeader, encodeEnd, encodeEvent, encodeHeader, outputOf, type RecordParts } from './record.js';
import type { SpoolHeader } from './Spool.js';

/** How many bytes are read before others have their turn. */
const TURN_BYTES = 4 * 1024 * 1024;

/** Where the end of a spool stands. */
interface Tail {
  offset: number;
  events: number;
  lastOffsetMs: number;
  ended: boolean;
}

/** Appends the events of one attempt to its spool file. The page cache is durable enough: the machine itself survives. */
export class SpoolWriter {
  readonly #fd: number;
  readonly #hash: Hash;
  readonly #tail: Tail;

  private constructor(
    readonly header: SpoolHeader,
    fd: number,
    hash: Hash,
    tail: Tail,
  ) {
    this.#fd = fd;
    this.#hash = hash;
    this.#tail = tail;
  }

  /** A new spool. @throws the system error if the file is there already or cannot be written */
  static create(path: string, header: SpoolHeader): SpoolWriter {
    const fd = openSync(path, 'wx', 0o600);
    const writer = new SpoolWriter(header, fd, createHash('sha256'), { offset: 0, events: 0, lastOffsetMs: 0, ended: false });
    try {
      writer.#write(encodeHeader(header));
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    return writer;
  }

  /**
   * Goes on with a spool that another process began: reads it through for its count and hash, and cuts off a torn last record.
   * @returns `undefined` if not even its header is whole
   */
  static async takeOver(path: string): Promise<SpoolWriter | undefined> {
    const fd = openSync(path, 'r+');
    const reader = new RecordReader(fd, 0);
    const first = reader.next();
    const header = first && decodeHeader(first.buffer.toString('utf8', first.json, first.bytes));
    if (!header) {
      closeSync(fd);
      return undefined;
    }
    const hash = createHash('sha256');
    const tail: Tail = { offset: reader.offset, events: 0, lastOffsetMs: 0, ended: false };
    let turnEnds = TURN_BYTES;
    for (let record = reader.next(); record && !tail.ended; record = reader.next()) {
      const decoded = decode(record.buffer.toString('utf8', record.json, record.bytes));
      if (!decoded) break;
      if ('end' in decoded) tail.ended = true;
      else {
        hash.update(record.buffer.subarray(record.bytes, record.next));
        tail.events += 1;
        tail.lastOffsetMs = decoded.event[0];
      }
      tail.offset = record.end;
      if (tail.offset > turnEnds) {
        turnEnds = tail.offset + TURN_BYTES;
        await nextTurn();
      }
    }
    ftruncateSync(fd, tail.offset);
    return new SpoolWriter(header, fd, hash, tail);
  }

  /** How many events it holds. */
  get events(): number {
    return this.#tail.events;
  }

  /** Whether its end mark is written. */
  get ended(): boolean {
    return this.#tail.ended;
  }

  /** The offset of its newest event, in ms after the receipt of the job. */
  get lastOffsetMs(): number {
    return this.#tail.lastOffsetMs;
  }

  /**
   * Appends an event, whole or not at all.
   * @throws the system error (ENOSPC and its like); SkepError PAYLOAD_TOO_LARGE if no frame could carry it
   */
  append(offsetMs: number, event: AttemptEvent): void {
    const output = outputOf(event);
    const parts = encodeEvent(offsetMs, event, output);
    if (parts[0].length + output.length > MAX_EVENT_BYTES) {
      throw new SkepError('PAYLOAD_TOO_LARGE', `${event.name} of job ${this.header.id} is larger than ${MAX_EVENT_BYTES} bytes`);
    }
    this.#write(parts);
    this.#hash.update(output);
    this.#tail.events += 1;
    this.#tail.lastOffsetMs = offsetMs;
  }

  /** Writes the end mark, once; nothing comes after it. */
  end(): void {
    if (this.#tail.ended) return;
    // A copy, because a disk that is full makes us come back here.
    this.#write(encodeEnd({ events: this.#tail.events, sha256: this.#hash.copy().digest('hex') }));
    this.#tail.ended = true;
  }

  close(): void {
    closeSync(this.#fd);
  }

  #write([head, bytes]: RecordParts): void {
    const total = head.length + bytes.length;
    let written = 0;
    try {
      while (written < total) {
        const parts = written < head.length ? [head.subarray(written), bytes] : [bytes.subarray(written - head.length)];
        written += writevSync(this.#fd, parts, this.#tail.offset + written);
      }
    } catch (error) {
      // Readers must find the next record where this one began.
      ftruncateSync(this.#fd, this.#tail.offset);
      throw error;
    }
    this.#tail.offset += total;
  }
}
