import { availableParallelism } from 'node:os';
import { type SearchEnd, type SearchHit, type SearchQuery, SkepError } from '@skep/protocol';
import type { JobReader } from '../reads/JobReader.js';
import type { Output } from '../reads/output.js';
import type { ScanOptions, SearchPage } from './LineScanner.js';
import { END, type SearchReply } from './messages.js';
import { pageOf } from './pageOf.js';
import { patternOf } from './patternOf.js';
import { SearchThread } from './SearchThread.js';
import { Turns } from './Turns.js';

/** Beside the queen itself, one for each CPU, within reason. */
const AT_ONCE = Math.min(8, Math.max(2, availableParallelism() - 1));
/** How long a search waits for its turn. */
const TURN_MS = 10_000;
/** How long who asked may leave hits untaken: all the while nobody else has the turn. */
const TAKE_MS = 15_000;

// Threads run only what is built: from src/ their script is its twin in dist/.
const ownThreadEntry = new URL(import.meta.url.endsWith('.ts') ? '../../dist/search/thread.js' : './thread.js', import.meta.url);

/** What a search says: hits in pieces, an empty one when it begins; what was found in all comes last. */
export type SearchNews = SearchHit[] | SearchEnd;

/** Searches the output of jobs: read from the store page by page, scanned in threads of their own, so many at once. */
export class Searches {
  readonly #reader: Pick<JobReader, 'output'>;
  readonly #threadEntry: URL | string;
  readonly #turns = new Turns(AT_ONCE, TURN_MS);

  constructor(reader: Pick<JobReader, 'output'>, threadEntry: URL | string = ownThreadEntry) {
    this.#reader = reader;
    this.#threadEntry = threadEntry;
  }

  /**
   * Searches what an attempt has written by now; begun when the first news is asked for, ended by the signal.
   * @throws JOB_NOT_FOUND, ATTEMPT_NOT_FOUND, RANGE_NOT_SATISFIABLE, INVALID_MESSAGE; while it runs TOO_MANY_SEARCHES,
   * SEARCH_TOO_SLOW, TIMED_OUT
   */
  async find(id: string, query: SearchQuery): Promise<(signal: AbortSignal) => AsyncGenerator<SearchNews, void, void>> {
    const { attempt, command, from, limit, count } = query;
    const options = { pattern: patternOf(query), limit, count };
    const output = await this.#reader.output(id, { attempt, command, lines: `${from}-`, follow: false });
    return (signal) => this.#search(output, options, signal);
  }

  async *#search(output: Output, options: ScanOptions, signal: AbortSignal): AsyncGenerator<SearchNews, void, void> {
    const endTurn = await this.#turns.take(signal);
    const thread = new SearchThread(this.#threadEntry, options);
    const end = (): void => {
      endTurn();
      void thread.close();
    };
    signal.addEventListener('abort', end);
    try {
      yield [];
      for await (const chunks of output.pages(signal)) {
        const { hits, isFull } = await scanned(thread, pageOf(chunks));
        if (hits.length > 0) yield* untilTaken(hits, end);
        if (isFull) break;
      }
      if (signal.aborted) return;
      const { hits, found } = await thread.ask(END);
      if (hits.length > 0) yield* untilTaken(hits, end);
      if (found) yield { end: true, ...found, lines: options.count || !found.next ? (output.attempt?.outputLines ?? 0) : found.next - 1 };
    } finally {
      signal.removeEventListener('abort', end);
      end();
    }
  }
}

async function scanned(thread: SearchThread, page: SearchPage): Promise<SearchReply> {
  const line = (page.runs[0]?.firstLine ?? 0) + 1;
  try {
    return await thread.ask(page);
  } catch (error) {
    if (!(error instanceof SkepError) || error.code !== 'SEARCH_TOO_SLOW') throw error;
    throw new SkepError(error.code, `${error.message}, and had come to line ${line}`, { cause: error });
  }
}

/** Gives hits; whoever leaves them untaken for too long loses the turn, and is told. @throws TIMED_OUT */
async function* untilTaken(hits: SearchHit[], giveUp: () => void): AsyncGenerator<SearchHit[], void, void> {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    giveUp();
  }, TAKE_MS);
  try {
    yield hits;
    if (isLate)
      throw new SkepError('TIMED_OUT', `What was found was not taken for ${TAKE_MS / 1000} s`, {
        hint: 'Search on from the last line that came.',
      });
  } finally {
    clearTimeout(timer);
  }
}
