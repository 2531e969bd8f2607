import { CHUNK_BYTES, type Stream } from '@skep/protocol';
import type { Chunk } from './OutputCutter.js';

/** However small they are: pieces of two outputs in turn are not joined, and each costs more than its bytes. */
const MAX_PIECES = 4096;
const NEWLINE = 0x0a;

/** A part of a buffer with room behind it, so that what follows can be joined to it. */
interface Piece {
  readonly stream: Stream;
  buffer: Buffer;
  from: number;
  to: number;
}

/** The newest output of an attempt, in order: takes at the end, drops at the front. */
export class OutputTail {
  readonly #pieces: Piece[] = [];
  #bytes = 0;

  /** How much it holds. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes a copy: a chunk is a part of what was read from a pipe, and would keep all of it. */
  push({ stream, bytes }: Chunk): void {
    this.#bytes += bytes.length;
    const last = this.#pieces.at(-1);
    if (last?.stream !== stream || last.to - last.from + bytes.length > CHUNK_BYTES) {
      this.#pieces.push({ stream, buffer: Buffer.from(bytes), from: 0, to: bytes.length });
      return;
    }
    const wanted = last.to - last.from + bytes.length;
    if (last.to + bytes.length > last.buffer.length) {
      const grown = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, 2 * wanted));
      last.to = last.buffer.copy(grown, 0, last.from, last.to);
      last.from = 0;
      last.buffer = grown;
    }
    last.to += bytes.copy(last.buffer, last.to);
  }

  /** Drops the oldest, so that at most so many bytes are left; what stays begins with a line if it can. @returns how many bytes were dropped */
  shrink(toBytes: number): number {
    const before = this.#bytes;
    while (this.#bytes > toBytes || this.#pieces.length > MAX_PIECES) {
      const oldest = this.#pieces[0] as Piece;
      const cut = tailAt(oldest.buffer.subarray(oldest.from, oldest.to), this.#bytes > toBytes ? this.#bytes - toBytes : CHUNK_BYTES);
      this.#bytes -= cut;
      oldest.from += cut;
      if (oldest.from === oldest.to) this.#pieces.shift();
    }
    return before - this.#bytes;
  }

  /** Gives out all that it holds. */
  take(): Chunk[] {
    this.#bytes = 0;
    return this.#pieces.splice(0).map(({ stream, buffer, from, to }) => ({ stream, bytes: buffer.subarray(from, to) }));
  }
}

/** How many bytes to take off the front, at least `atLeast` or all: up to a line if it can, else up to a whole character. */
function tailAt(bytes: Buffer, atLeast: number): number {
  if (atLeast >= bytes.length) return bytes.length;
  const line = bytes.indexOf(NEWLINE, atLeast - 1) + 1;
  if (line > 0) return line;
  let cut = atLeast;
  while (cut < bytes.length && ((bytes[cut] as number) & 0xc0) === 0x80) cut += 1;
  return cut;
}
