import { fstatSync, readSync } from 'node:fs';
import { isOurs, PREFIX_BYTES } from './record.js';

const READ_BYTES = 32 * 1024;
/** A record is looked at as far as the first byte of its JSON: events are arrays, the end mark is an object. */
const LOOK_BYTES = PREFIX_BYTES + 1;
const BRACKET = '['.charCodeAt(0);

/** Counts the whole records of a spool file without reading their output; each look goes on where the last one ended. */
export class SpoolSurvey {
  readonly #fd: number;
  #offset: number;
  #events = 0;
  #hasEnd = false;

  /** @param offset where the first event begins that counts */
  constructor(fd: number, offset: number) {
    this.#fd = fd;
    this.#offset = offset;
  }

  /** Where the next record begins. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * How many events there are by now, and whether the end mark is written.
   * @param atMost goes no further than this many events in all
   */
  look(atMost = Number.POSITIVE_INFINITY): { events: number; hasEnd: boolean } {
    const { size } = fstatSync(this.#fd);
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(READ_BYTES, size - this.#offset)));
    while (!this.#hasEnd && this.#offset + LOOK_BYTES <= size) {
      const read = readSync(this.#fd, buffer, 0, buffer.length, this.#offset);
      const looked = this.#lookAt(buffer.subarray(0, read), size - this.#offset, atMost);
      if (looked === 0) break;
      this.#offset += looked;
    }
    return { events: this.#events, hasEnd: this.#hasEnd };
  }

  /** @returns how many bytes the whole records took that begin in the buffer; `left` are there in the file */
  #lookAt(buffer: Buffer, left: number, atMost: number): number {
    let at = 0;
    while (at + LOOK_BYTES <= buffer.length && !this.#hasEnd && this.#events < atMost) {
      const jsonBytes = buffer.readUInt32LE(at);
      const outputBytes = buffer.readUInt32LE(at + 4);
      const next = at + PREFIX_BYTES + jsonBytes + outputBytes;
      if (!isOurs(jsonBytes, outputBytes) || next > left) break;
      if (buffer[at + PREFIX_BYTES] === BRACKET) this.#events += 1;
      else this.#hasEnd = true;
      at = next;
    }
    return at;
  }
}
