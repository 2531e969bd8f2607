import { fstatSync, readSync } from 'node:fs';
import { PREFIX_BYTES, placeOf, type RecordPlace } from './record.js';

/** The most that is read of a file at once, unless a record is larger. */
const READ_BYTES = 256 * 1024;

/** A record in a buffer, and where it ends in the file. */
export interface FileRecord extends RecordPlace {
  readonly buffer: Buffer;
  readonly end: number;
}

/** Reads whole records of a growing file one after another; a torn last one is not there until it is whole. */
export class RecordReader {
  #buffer: Buffer = Buffer.alloc(0);
  /** Where the buffer begins in the file. */
  #base: number;
  #at = 0;

  constructor(
    readonly fd: number,
    offset: number,
  ) {
    this.#base = offset;
  }

  /** Where the next record begins in the file. */
  get offset(): number {
    return this.#base + this.#at;
  }

  /** Bytes of the file from here on. */
  unread(): number {
    return Math.max(0, fstatSync(this.fd).size - this.offset);
  }

  /** Goes to the record that begins at this offset. */
  seek(offset: number): void {
    const at = offset - this.#base;
    if (at >= 0 && at <= this.#buffer.length) {
      this.#at = at;
      return;
    }
    this.#buffer = Buffer.alloc(0);
    this.#base = offset;
    this.#at = 0;
  }

  /** The next whole record; `undefined` if none is there, now or (where the file is damaged) ever. */
  next(): FileRecord | undefined {
    for (;;) {
      const place = placeOf(this.#buffer, this.#at, this.#buffer.length);
      if (place === undefined) return undefined;
      if ('next' in place) {
        this.#at = place.next;
        return { ...place, buffer: this.#buffer, end: this.offset };
      }
      if (!this.#fill(place.needs)) return undefined;
    }
  }

  /**
   * Reads from the present record on. Nothing of it is kept from the time before: a writer that ran out of room may have
   * cut it off and written another. A new buffer each time, because the runs that were read keep the old one.
   */
  #fill(needs: number): boolean {
    const unread = this.unread();
    if (unread < Math.max(needs, PREFIX_BYTES)) return false;
    const buffer = Buffer.allocUnsafe(Math.max(needs, Math.min(unread, READ_BYTES)));
    const base = this.offset;
    const read = readSync(this.fd, buffer, 0, buffer.length, base);
    this.#base = base;
    this.#at = 0;
    this.#buffer = buffer.subarray(0, read);
    return read >= needs;
  }
}
