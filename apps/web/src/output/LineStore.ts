import type { Stream } from '@skep/protocol';
import { Growing } from './Growing.js';
import { StyleScanner } from './StyleScanner.js';
import { StyleTable, type TextStyle } from './TextStyle.js';

const LINE_END = 0x0a;
/** Pieces from this size on are kept as they came; smaller ones are gathered in blocks of `BLOCK_BYTES`. */
const KEEP_BYTES = 16 * 1024;
const BLOCK_BYTES = 64 * 1024;

/** A piece of output of one command. */
export interface OutputPiece {
  bytes: Uint8Array;
  command: number;
  stream: Stream;
  /** Unix ms. */
  at: number;
}

/** A run of output of one command. It ends where the next one begins. */
export interface Section {
  readonly command: number;
  readonly firstByte: number;
  readonly firstLine: number;
}

interface Block {
  bytes: Uint8Array;
  used: number;
  readonly firstByte: number;
  readonly firstLine: number;
  /** Where its lines end, from the beginning of the block. */
  readonly ends: Growing<Uint32Array>;
  /** The number of the style after each of its line ends; absent while all are plain. */
  styles: Growing<Uint16Array> | undefined;
}

/**
 * A stretch of the output of an attempt, as bytes: where its lines end and how they begin is found once, what they say
 * only when they are read. Bytes and lines count from 0 through the whole output of the attempt.
 */
export class LineStore {
  readonly firstByte: number;
  readonly firstLine: number;
  readonly sections: Section[] = [];
  readonly #blocks: Block[] = [];
  readonly #table = new StyleTable();
  readonly #scanner = new StyleScanner();
  readonly #pieceBytes = new Growing((length) => new Float64Array(length));
  readonly #pieceAts = new Growing((length) => new Float64Array(length));
  readonly #pieceStreams = new Growing((length) => new Uint8Array(length));
  #bytes: number;
  #lines: number;

  constructor(firstByte = 0, firstLine = 0) {
    this.firstByte = firstByte;
    this.firstLine = firstLine;
    this.#bytes = firstByte;
    this.#lines = firstLine;
  }

  /** Bytes of the output before the end of what is stored. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Line ends of the output before the end of what is stored. */
  get lines(): number {
    return this.#lines;
  }

  append({ bytes, command, stream, at }: OutputPiece): void {
    if (bytes.length === 0) return;
    if (this.sections.at(-1)?.command !== command) {
      this.sections.push({ command, firstByte: this.#bytes, firstLine: this.#lines });
      this.#scanner.reset();
    }
    this.#notePiece(stream === 'stderr' ? 1 : 0, at);
    const { block, offset } = this.#place(bytes);
    this.#index(block, offset);
    this.#bytes += bytes.length;
  }

  /** Where a line begins; the line after the last one begins at the end. */
  startOfLine(line: number): number {
    if (line <= this.firstLine) return this.firstByte;
    if (line > this.#lines) return this.#bytes;
    const block = this.#blocks[this.#lastBlock((each) => each.firstLine <= line - 1)];
    return block ? block.firstByte + block.ends.at(line - 1 - block.firstLine) + 1 : this.#bytes;
  }

  /** The style in which a line begins. */
  styleOfLine(line: number): TextStyle {
    if (line <= this.firstLine) return this.#table.styleOf(0);
    const block = this.#blocks[this.#lastBlock((each) => each.firstLine <= line - 1)];
    return this.#table.styleOf(block?.styles?.at(line - 1 - block.firstLine) ?? 0);
  }

  /** The bytes [from, to); no copy where they lie in one block. */
  slice(from: number, to: number): Uint8Array {
    let index = Math.max(
      0,
      this.#lastBlock((each) => each.firstByte <= from),
    );
    const parts: Uint8Array[] = [];
    for (let block = this.#blocks[index]; block && block.firstByte < to; index += 1, block = this.#blocks[index])
      parts.push(block.bytes.subarray(Math.max(0, from - block.firstByte), Math.min(block.used, to - block.firstByte)));
    return parts.length === 1 && parts[0] ? parts[0] : joined(parts);
  }

  /** When the piece came that holds this byte (Unix ms), and by which of its two outputs. */
  originOf(byte: number): { at: number; stream: Stream } {
    const index = Math.max(0, this.#pieceBytes.lastNotAbove(byte));
    return { at: this.#pieceAts.at(index), stream: this.#pieceStreams.at(index) === 1 ? 'stderr' : 'stdout' };
  }

  #notePiece(stream: number, at: number): void {
    const last = this.#pieceBytes.length - 1;
    if (last >= 0 && this.#pieceAts.at(last) === at && this.#pieceStreams.at(last) === stream) return;
    this.#pieceBytes.push(this.#bytes);
    this.#pieceAts.push(at);
    this.#pieceStreams.push(stream);
  }

  #place(bytes: Uint8Array): { block: Block; offset: number } {
    const open = this.#blocks.at(-1);
    if (open && open.used + bytes.length <= open.bytes.length) {
      open.bytes.set(bytes, open.used);
      open.used += bytes.length;
      return { block: open, offset: open.used - bytes.length };
    }
    const isKept = bytes.length >= KEEP_BYTES;
    const memory = isKept ? bytes : new Uint8Array(BLOCK_BYTES);
    if (!isKept) memory.set(bytes);
    const ends = new Growing((length) => new Uint32Array(length), 256);
    const block: Block = { bytes: memory, used: bytes.length, firstByte: this.#bytes, firstLine: this.#lines, ends, styles: undefined };
    this.#blocks.push(block);
    return { block, offset: 0 };
  }

  #index(block: Block, offset: number): void {
    const { bytes, used, ends } = block;
    const fresh = bytes.subarray(offset, used);
    const isIdle = this.#scanner.isIdle(fresh);
    if (!isIdle && !block.styles) {
      block.styles = new Growing((length) => new Uint16Array(length), 256);
      for (let index = 0; index < ends.length; index += 1) block.styles.push(0);
    }
    let from = offset;
    for (let end = bytes.indexOf(LINE_END, from); end !== -1 && end < used; end = bytes.indexOf(LINE_END, from)) {
      ends.push(end);
      if (!isIdle) this.#scanner.read(bytes, from, end + 1);
      block.styles?.push(isIdle ? 0 : this.#table.idOf(this.#scanner.style));
      from = end + 1;
      this.#lines += 1;
    }
    if (!isIdle) this.#scanner.read(bytes, from, used);
  }

  /** The index of the last block of which this holds; it holds of all before it. -1 if of none. */
  #lastBlock(holds: (block: Block) => boolean): number {
    let low = 0;
    let high = this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const block = this.#blocks[middle];
      if (block && holds(block)) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
