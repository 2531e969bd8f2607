import type { SearchOptions, SkepClient } from '@skep/client';
import { errorPattern, type OutputErrors } from '@skep/protocol';
import type { OutputModel } from './OutputModel.js';
import { patternOf, type Query, Search } from './Search.js';

/** A search is given this long at a time, so that the page answers in between. */
const SEARCH_MS = 30;
/** Output larger than this is searched by the queen, where it rests, instead of when it has come. */
const LOCAL_BYTES = 64_000_000;

export interface FinderOptions {
  model: OutputModel;
  /** Asks the queen for the lines of this output in which something is found. */
  ask(query: Omit<SearchOptions, 'attempt'>): ReturnType<SkepClient['search']>;
  /** Whether no more will come. */
  isWhole(): boolean;
  /** More was found, or the search has come to its end. */
  onChange(): void;
}

/** Finds what somebody looks for, and errors, in output that grows: here, or at the queen where there is too much of it. */
export class Finder {
  /** The lines that tell of errors. */
  errors = new Search(errorPattern);
  /** What somebody looks for; undefined if nothing. */
  search: Search | undefined;
  /** Bytes that there are, as the queen says. */
  expectedBytes = 0;
  readonly #options: FinderOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;
  /** Whether the queen is asked where the errors are, so that nobody looks for them here. */
  #isAskingErrors = false;

  constructor(options: FinderOptions) {
    this.#options = options;
  }

  get isSearching(): boolean {
    return this.#asking !== undefined || (this.search !== undefined && this.search.next < this.#options.model.main.lines);
  }

  /** Looks for something else; for nothing if undefined. @throws {SyntaxError} of the regular expression */
  look(query: Query | undefined): void {
    this.#asking?.abort();
    this.#asking = undefined;
    this.search = query && query.text !== '' ? new Search(patternOf(query)) : undefined;
    if (query && this.search && this.expectedBytes > LOCAL_BYTES) void this.#askQueen(query, this.search);
    else this.goOn();
  }

  /** Searches what has come since. */
  goOn(): void {
    if (this.#timer !== undefined) return;
    const { model, isWhole, onChange } = this.#options;
    const { main } = model;
    const own = this.#asking ? [] : [this.search];
    const pending = [...own, this.#isAskingErrors ? undefined : this.errors].find((search) => search && !search.isDone(main));
    // While more may come, a last line without an end is left for later.
    if (!pending || (!isWhole() && pending.next >= main.lines)) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const search = this.#asking ? undefined : this.search;
      search?.advance(main, SEARCH_MS, isWhole());
      if (!this.#isAskingErrors && (!search || search.isDone(main))) this.errors.advance(main, SEARCH_MS, isWhole());
      onChange();
      this.goOn();
    }, 4);
  }

  /**
   * Takes over where the errors of this many lines are, from the queen, which knows it of output that grows no more; what it
   * does not list, or if it does not answer, is searched here.
   * @returns what the queen said; undefined if it did not answer
   */
  async takeErrors(asked: Promise<OutputErrors | undefined>, lines: number): Promise<OutputErrors | undefined> {
    this.#isAskingErrors = true;
    const known = await asked.catch(() => undefined);
    this.#isAskingErrors = false;
    if (known) {
      this.errors = new Search(errorPattern);
      for (const { line } of known.marks) this.errors.take(line - 1);
      const last = known.marks.at(-1)?.line ?? 0;
      this.errors.goOnAt(known.lines > known.marks.length ? last : lines);
    }
    this.#options.onChange();
    this.goOn();
    return known;
  }

  /** How many lines of a command match; undefined while nothing is looked for. */
  hitsOf(command: number): number | undefined {
    const { search } = this;
    return search && this.#options.model.linesOf(command).reduce((sum, { from, to }) => sum + search.countWithin(from, to), 0);
  }

  /** The first line of a command that tells of an error; undefined if none does. All of it must have come. */
  firstErrorOf(command: number): number | undefined {
    const { model } = this.#options;
    this.errors.advance(model.main, 200, true);
    const range = model.linesOf(command).find(({ from, to }) => this.errors.countWithin(from, to) > 0);
    return range && this.errors.lineOf(this.errors.lastUpTo(range.from - 1) + 1);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  /** What the queen has is searched there; what is written later, here. */
  async #askQueen({ text, isRegex, isCaseSensitive }: Query, search: Search): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    const found = this.#options.ask({ q: text, regex: isRegex, case: isCaseSensitive, signal: asking.signal });
    try {
      for (;;) {
        const { done, value } = await found.next();
        if (asking.signal.aborted) return;
        if (done) {
          search.goOnAt(value.lines);
          break;
        }
        search.take(value.line - 1);
        this.#tellSoon();
      }
    } catch {
      // It comes here too, and is searched then.
      if (!asking.signal.aborted) this.search = new Search(search.pattern);
    }
    if (this.#asking !== asking) return;
    this.#asking = undefined;
    this.#options.onChange();
    this.goOn();
  }

  #tellSoon(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#options.onChange();
      this.goOn();
    }, SEARCH_MS);
  }
}
