import type { SearchEnd, SearchHit, Stream } from '@skep/protocol';
import { seenLines } from './seenText.js';

const LINE_END = 0x0a;
/** A longer line is searched in pieces of this size: many an expression takes time by the square of what it is given. */
const PIECE_CHARS = 64 * 1024;
/** How much of a line a hit shows, and how much of that lies before the match. */
const HIT_CHARS = 500;
const BEFORE_CHARS = 100;

/** Output that one command wrote to one stream, without a gap. */
export interface SearchRun {
  command: number;
  stream: Stream;
  /** Line ends in the output of the attempt before it. */
  firstLine: number;
  /** Where it lies in the memory of its page. */
  from: number;
  to: number;
}

/** A part of the output of an attempt: the runs lie in its memory one behind the other. */
export interface SearchPage {
  memory: Uint8Array<ArrayBuffer>;
  runs: SearchRun[];
}

export interface ScanOptions {
  pattern: RegExp;
  limit: number;
  count: boolean;
}

/** What was found in all that was scanned. */
export type Found = Pick<SearchEnd, 'hits' | 'commands' | 'next'>;

/** A line whose end has not come yet. */
interface OpenLine {
  line: number;
  command: number;
  stream: Stream;
  pieces: Uint8Array[];
  bytes: number;
  /** Characters of it that were searched already. */
  searched: number;
}

/** Finds the lines that match in the output of an attempt, page by page. A line belongs to whoever wrote its beginning. */
export class LineScanner {
  readonly #options: ScanOptions;
  readonly #found: Found = { hits: 0, commands: {} };
  #open: OpenLine | undefined;
  #lastHit = 0;
  #isFull = false;
  #hits: SearchHit[] = [];

  constructor(options: ScanOptions) {
    this.#options = options;
  }

  /** Whether nothing more need be searched: the limit is reached, and nobody wants to know what lies beyond it. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** The hits in the next page that are to be given. */
  scan({ memory, runs }: SearchPage): SearchHit[] {
    for (const run of runs) {
      if (this.#isFull) break;
      this.#scanRun(run, memory.subarray(run.from, run.to));
    }
    return this.#taken();
  }

  /** The last hits, and what was found in all. */
  end(): { hits: SearchHit[]; found: Found } {
    this.#close();
    return { hits: this.#taken(), found: this.#found };
  }

  #scanRun({ command, stream, firstLine }: SearchRun, bytes: Uint8Array): void {
    const line = firstLine + 1;
    // Its end was written by a command that is not searched.
    if (this.#open && this.#open.line !== line) this.#close();
    let from = 0;
    if (this.#open) {
      const end = bytes.indexOf(LINE_END);
      this.#add(this.#open, end < 0 ? bytes : bytes.subarray(0, end));
      if (end < 0) return;
      this.#close();
      from = end + 1;
    }
    const next = line + (from > 0 ? 1 : 0);
    const last = bytes.lastIndexOf(LINE_END);
    let whole = 0;
    if (last >= from) {
      const lines = seenLines(textOf(bytes.subarray(from, last)));
      for (const [index, text] of lines.entries()) this.#look(text, { line: next + index, command, stream });
      whole = lines.length;
    }
    if (last + 1 >= bytes.length) return;
    this.#open = { line: next + whole, command, stream, pieces: [], bytes: 0, searched: 0 };
    this.#add(this.#open, bytes.subarray(Math.max(from, last + 1)));
  }

  #add(open: OpenLine, piece: Uint8Array): void {
    open.pieces.push(piece);
    open.bytes += piece.length;
    if (open.bytes > PIECE_CHARS) this.#lookInto(open);
  }

  #close(): void {
    if (this.#open) this.#lookInto(this.#open);
    this.#open = undefined;
  }

  #lookInto(open: OpenLine): void {
    const [text = ''] = seenLines(textOf(Buffer.concat(open.pieces)));
    this.#look(text, open, open.searched);
    open.searched += text.length;
    open.pieces = [];
    open.bytes = 0;
  }

  #look(text: string, place: Pick<SearchHit, 'line' | 'command' | 'stream'>, before = 0): void {
    for (let from = 0; from === 0 || from < text.length; from += PIECE_CHARS) {
      if (this.#isFull || this.#lastHit === place.line) return;
      const piece = text.length > PIECE_CHARS ? text.slice(from, from + PIECE_CHARS) : text;
      const match = this.#options.pattern.exec(piece);
      if (match) this.#hit(piece, match.index, place, before + from);
    }
  }

  #hit(text: string, index: number, { line, command, stream }: Pick<SearchHit, 'line' | 'command' | 'stream'>, before: number): void {
    const { limit, count } = this.#options;
    const found = this.#found;
    if (found.hits >= limit) {
      found.next ??= line;
      this.#isFull = !count;
      if (!count) return;
    } else {
      const from = text.length <= HIT_CHARS ? 0 : Math.max(0, index - BEFORE_CHARS);
      const shown = text.slice(from, from + HIT_CHARS);
      const cut = before + from;
      this.#hits.push({ line, command, stream, text: shown, column: index - from + 1, ...(cut > 0 && { cut }) });
    }
    this.#lastHit = line;
    found.hits += 1;
    found.commands[command] = (found.commands[command] ?? 0) + 1;
  }

  #taken(): SearchHit[] {
    const hits = this.#hits;
    this.#hits = [];
    return hits;
  }
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
