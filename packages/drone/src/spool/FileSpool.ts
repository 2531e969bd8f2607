import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, rmSync } from 'node:fs';
import { ATTACHMENT_BYTES, FRAME_ATTACHMENTS, FRAME_EVENTS, type PackedEvent } from '@skep/protocol';
import { type FileRecord, RecordReader } from './RecordReader.js';
import { decode, decodeHeader, isOutputEvent } from './record.js';
import type { Spool, SpoolHeader, SpoolRun } from './Spool.js';
import { SpoolSurvey } from './SpoolSurvey.js';

/** Reads the spool file of one attempt, which its executor may still be writing. */
export class FileSpool implements Spool {
  readonly header: SpoolHeader;
  readonly #fd: number;
  readonly #reader: RecordReader;
  readonly #survey: SpoolSurvey;
  /** Where the events that may be asked for again begin: seq -> offset, ascending. */
  readonly #marks = new Map<number, number>();
  #seq = 0;

  private constructor(
    readonly path: string,
    fd: number,
    header: SpoolHeader,
    reader: RecordReader,
  ) {
    this.#fd = fd;
    this.header = header;
    this.#reader = reader;
    this.#survey = new SpoolSurvey(fd, reader.offset);
    this.#marks.set(0, reader.offset);
  }

  /** @returns `undefined` if the header of the file is not whole: nothing was written after it either */
  static open(path: string): FileSpool | undefined {
    const fd = openSync(path, 'r');
    const reader = new RecordReader(fd, 0);
    const first = reader.next();
    const header = first && decodeHeader(jsonOf(first));
    if (header) return new FileSpool(path, fd, header, reader);
    closeSync(fd);
    return undefined;
  }

  unread(): number {
    return this.#reader.unread();
  }

  read(maxBytes: number): SpoolRun {
    const seq = this.#seq;
    const start = this.#reader.offset;
    const events: PackedEvent[] = [];
    this.#marks.set(seq, start);
    let attachments = 0;
    while (this.#reader.offset - start < maxBytes && events.length < FRAME_EVENTS && attachments < FRAME_ATTACHMENTS) {
      const record = this.#reader.next();
      const decoded = record && decode(jsonOf(record));
      if (!decoded) break;
      if ('end' in decoded) return { seq, events, bytes: record.end - start, end: decoded.end };
      if (isOutputEvent(decoded.event[1])) {
        const output = outputAsSent(record);
        decoded.event.push(output);
        if (typeof output !== 'string') attachments += 1;
      }
      events.push(decoded.event);
      this.#seq += 1;
    }
    return { seq, events, bytes: this.#reader.offset - start, ...this.#endIfNext() };
  }

  seek(seq: number): void {
    let from = 0;
    for (const mark of this.#marks.keys()) {
      if (mark <= seq) from = Math.max(from, mark);
      else this.#marks.delete(mark);
    }
    const offset = this.#marks.get(from);
    if (offset === undefined) throw new RangeError(`The events before seq ${seq} are forgotten`);
    const skipped = new SpoolSurvey(this.#fd, offset);
    this.#seq = from + skipped.look(seq - from).events;
    this.#reader.seek(skipped.offset);
  }

  forget(seq: number): void {
    // The newest mark at or before seq stays: seq itself is asked for after a reconnect.
    let kept: number | undefined;
    for (const mark of this.#marks.keys()) {
      if (mark > seq) break;
      if (kept !== undefined) this.#marks.delete(kept);
      kept = mark;
    }
  }

  count(): number {
    return this.#survey.look().events;
  }

  /** Whether the end mark is written. */
  hasEnd(): boolean {
    return this.#survey.look().hasEnd;
  }

  close(): void {
    closeSync(this.#fd);
  }

  drop(): void {
    this.close();
    rmSync(this.path, { force: true });
  }

  /** A frame that is full takes the end mark along if it is there: the queen needs no frame more. */
  #endIfNext(): Pick<SpoolRun, 'end'> {
    const start = this.#reader.offset;
    const record = this.#reader.next();
    const decoded = record && !isEvent(record) ? decode(jsonOf(record)) : undefined;
    if (decoded && 'end' in decoded) return { end: decoded.end };
    if (record) this.#reader.seek(start);
    return {};
  }
}

const BRACKET = '['.charCodeAt(0);
/** Events are JSON arrays, the end mark is an object. */
const isEvent = ({ buffer, json }: FileRecord): boolean => buffer[json] === BRACKET;
const jsonOf = ({ buffer, json, bytes }: FileRecord): string => buffer.toString('utf8', json, bytes);

function outputAsSent({ buffer, bytes, next }: FileRecord): string | Buffer {
  const output = buffer.subarray(bytes, next);
  return output.length < ATTACHMENT_BYTES && isUtf8(output) ? output.toString() : output;
}
