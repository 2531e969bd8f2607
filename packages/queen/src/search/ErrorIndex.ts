import { errorIn, errorPattern, MARKED_ERRORS, type OutputErrors, type OutputIndex, type SearchEnd, type SearchHit } from '@skep/protocol';
import type { JobReader } from '../reads/JobReader.js';
import type { Searches } from './Searches.js';

/** Outputs whose errors are kept in mind, those asked for last: at most some 50 kB each. */
const KEPT = 100;
/** Commands whose first error is looked for by itself, where too many errors of others come before it. */
const MAX_LOOKS = 20;

/** Output of fewer bytes is searched while somebody waits for it. */
const LARGE_BYTES = 1_000_000;
/** Outputs that wait to be searched before anybody asks; more are left until somebody does. */
const MAX_AHEAD = 10;

/** Knows which lines of the outputs of attempts that have ended tell of errors: each is searched once, when that is first asked for or before. */
export class ErrorIndex {
  readonly #searches: Pick<Searches, 'find'>;
  readonly #reader: Pick<JobReader, 'outputIndex'>;
  readonly #known = new Map<string, Promise<OutputErrors>>();
  #ahead = 0;
  #lastAhead: Promise<unknown> = Promise.resolve();

  constructor(searches: Pick<Searches, 'find'>, reader: Pick<JobReader, 'outputIndex'>) {
    this.#searches = searches;
    this.#reader = reader;
  }

  /** A job has failed: where there is much output, somebody will soon want to know where it tells of that. One after the other. */
  prepare(id: string): void {
    if (this.#ahead >= MAX_AHEAD) return;
    this.#ahead += 1;
    this.#lastAhead = this.#lastAhead
      .then(async () => {
        const index = await this.#reader.outputIndex(id, undefined);
        if (index.output.bytes > LARGE_BYTES) await this.of(id, index);
      })
      // Who asks for it is told what is wrong.
      .catch(() => undefined)
      .finally(() => {
        this.#ahead -= 1;
      });
  }

  /** The errors in the output of an attempt that has ended. @throws what a search does; it is searched anew then when it is asked for again */
  of(id: string, { attempt, output: { bytes, sha256 } }: OutputIndex): Promise<OutputErrors> {
    // A job may be removed and another submitted under its id.
    const key = JSON.stringify([id, attempt, bytes, sha256]);
    const errors = this.#known.get(key) ?? this.#find(id, attempt);
    this.#known.delete(key);
    this.#known.set(key, errors);
    errors.catch(() => this.#known.delete(key));
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= KEPT) break;
      this.#known.delete(oldest);
    }
    return errors;
  }

  async #find(id: string, attempt: number): Promise<OutputErrors> {
    const { hits, end } = await this.#search(id, { attempt, limit: MARKED_ERRORS, count: true });
    const commands: OutputErrors['commands'] = {};
    for (const [command, lines] of Object.entries(end.commands)) commands[command] = { lines };
    for (const { command, line, text } of hits.toReversed()) Object.assign(commands[command] ?? {}, { first: line, text });
    const unknown = Object.entries(commands).filter(([, { first }]) => first === undefined);
    for (const [command, errors] of unknown.slice(0, MAX_LOOKS)) {
      const [hit] = (await this.#search(id, { attempt, command: Number(command), limit: 1, count: false })).hits;
      if (hit) Object.assign(errors, { first: hit.line, text: hit.text });
    }
    // What matched at the beginning of a piece of a very long line has no name; it is a word in it in nearly all cases.
    return { lines: end.hits, commands, marks: hits.map(({ line, text }) => ({ line, matcher: errorIn(text) ?? 'message' })) };
  }

  async #search(
    id: string,
    part: { attempt: number; command?: number; limit: number; count: boolean },
  ): Promise<{ hits: SearchHit[]; end: Pick<SearchEnd, 'hits' | 'commands'> }> {
    const search = await this.#searches.find(id, { q: errorPattern.source, regex: true, case: false, from: 1, ...part });
    const hits: SearchHit[] = [];
    let end: Pick<SearchEnd, 'hits' | 'commands'> = { hits: 0, commands: {} };
    for await (const news of search(new AbortController().signal)) {
      if (Array.isArray(news)) hits.push(...news);
      else end = news;
    }
    return { hits, end };
  }
}
