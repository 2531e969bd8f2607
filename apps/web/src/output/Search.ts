import { Growing } from './Growing.js';
import type { LineStore } from './LineStore.js';
import { textOfLine } from './readLine.js';

export interface Query {
  text: string;
  isRegex: boolean;
  isCaseSensitive: boolean;
}

/** What compilers and test runners write before what went wrong. */
export const errorPattern =
  /\b(?:fatal error|error|fatal|panic|exception)\b(?:\[[\w-]+\])?\s*[:!(]|^\s*(?:FAIL(?:ED)?\b|not ok\b|E {3}|Traceback \(|✗|✖|×)|\b\d+ (?:failed|failures?)\b/i;

/** The pattern that a query means. @throws {SyntaxError} if it is no regular expression */
export function patternOf({ text, isRegex, isCaseSensitive }: Query): RegExp {
  return new RegExp(isRegex ? text : text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), isCaseSensitive ? '' : 'i');
}

/** Lines that are read before it looks at the clock again. */
const STEP_LINES = 200;

/** Finds the lines that match, a little at a time, and goes on with what comes later. */
export class Search {
  readonly pattern: RegExp;
  readonly #hits = new Growing((length) => new Uint32Array(length));
  #next: number;
  #isWhole = false;

  constructor(pattern: RegExp, from = 0) {
    this.pattern = pattern;
    this.#next = from;
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
      for (; this.#next < to; this.#next += 1) this.#test(store, this.#next);
    }
    if (!isWhole || this.#isWhole || this.#next < store.lines) return;
    this.#isWhole = true;
    this.#test(store, store.lines);
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

  #test(store: LineStore, line: number): void {
    if (this.pattern.test(textOfLine(store.slice(store.startOfLine(line), store.startOfLine(line + 1))))) this.#hits.push(line);
  }
}
