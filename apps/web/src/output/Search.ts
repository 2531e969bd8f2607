import { Growing } from './Growing.js';
import type { LineStore } from './LineStore.js';
import { textOfLine, textOfLines } from './readLine.js';

export interface Query {
  text: string;
  isRegex: boolean;
  isCaseSensitive: boolean;
}

/** The pattern that a query means. @throws {SyntaxError} if it is no regular expression */
export function patternOf({ text, isRegex, isCaseSensitive }: Query): RegExp {
  return new RegExp(isRegex ? text : text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), isCaseSensitive ? '' : 'i');
}

/** Lines that are read before it looks at the clock again. */
const STEP_LINES = 500;

/** Finds the lines that match, a little at a time, and goes on with what comes later. */
export class Search {
  readonly pattern: RegExp;
  readonly #hits = new Growing((length) => new Uint32Array(length));
  #next = 0;
  #isWhole = false;

  constructor(pattern: RegExp) {
    this.pattern = pattern;
  }

  /** How many lines match so far. */
  get count(): number {
    return this.#hits.length;
  }

  /** The line (from 0) that is searched next. */
  get next(): number {
    return this.#next;
  }

  /** Whether all that is there was searched. */
  isDone(store: LineStore): boolean {
    return this.#next >= store.lines && (this.#isWhole || store.bytes <= store.startOfLine(store.lines));
  }

  /** Searches on, for about so many ms. @param isWhole whether no more will come, so that a last line without an end counts too */
  advance(store: LineStore, budgetMs: number, isWhole: boolean): void {
    const until = performance.now() + budgetMs;
    while (this.#next < store.lines && performance.now() < until) {
      const to = Math.min(store.lines, this.#next + STEP_LINES);
      const lines = textOfLines(store.slice(store.startOfLine(this.#next), store.startOfLine(to)));
      for (const [index, text] of lines.entries()) if (this.pattern.test(text)) this.#hits.push(this.#next + index);
      this.#next = to;
    }
    if (!isWhole || this.#isWhole || this.#next < store.lines) return;
    this.#isWhole = true;
    const last = textOfLine(store.slice(store.startOfLine(store.lines), store.bytes));
    if (this.pattern.test(last)) this.#hits.push(store.lines);
  }

  /** Takes a line (from 0) that somebody else has found, beyond all found before. */
  take(line: number): void {
    this.#hits.push(line);
  }

  /** All before this line (from 0) was searched by somebody else. */
  goOnAt(line: number): void {
    this.#next = line;
    // A last line without an end was searched too.
    if (this.#hits.length > 0 && this.#hits.at(this.#hits.length - 1) >= line) this.#hits.length -= 1;
  }

  /** The line (from 0) of a hit, counted from 0. */
  lineOf(hit: number): number {
    return this.#hits.at(hit);
  }

  /** The hit at or before a line; -1 if there is none. */
  lastUpTo(line: number): number {
    return this.#hits.lastNotAbove(line);
  }

  /** How many lines of [from, to) match. */
  countWithin(from: number, to: number): number {
    return this.lastUpTo(to - 1) - this.lastUpTo(from - 1);
  }
}
