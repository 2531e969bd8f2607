import { parseAs, SearchEnd, SearchHit, type SearchQuery, SkepError } from '@skep/protocol';
import { errorIn } from './answers.js';
import { jsonLines } from './jsonLines.js';

/** What to look for, as the queen's `SearchQuery`; without a limit every hit is given. */
export type SearchOptions = Pick<SearchQuery, 'q'> & Partial<Omit<SearchQuery, 'q'>> & { signal?: AbortSignal };

/** What the queen says to one query, as it comes. */
export type AskSearch = (query: Partial<SearchQuery>) => AsyncIterable<Uint8Array>;

/** How many hits are asked for at once where all are wanted. */
const PAGE_HITS = 1000;

/**
 * The lines of a job's output in which something is found, in order; it returns what was found in all. Where there is no
 * limit they are asked for so many at a time, and may be taken as slowly as one likes.
 * @throws {SkepError} what the queen says, and INTERNAL if the answer has no end
 */
export async function* search(ask: AskSearch, options: Omit<SearchOptions, 'signal'>): AsyncGenerator<SearchHit, SearchEnd, void> {
  if (options.limit !== undefined) return yield* searchOnce(ask, options);
  const all: SearchEnd = { end: true, hits: 0, lines: 0, commands: {} };
  for (let from: number | undefined = options.from ?? 1; from !== undefined; ) {
    const page = searchOnce(ask, { ...options, from, limit: PAGE_HITS, count: false });
    from = yield* takePage(page, all);
  }
  return all;
}

/** Gives the hits of a page and adds them to what was found. @returns where the next page begins, if there is one */
async function* takePage(page: ReturnType<typeof searchOnce>, all: SearchEnd): AsyncGenerator<SearchHit, number | undefined, void> {
  let last: number | undefined;
  try {
    for (;;) {
      const { done, value } = await page.next();
      if (done) {
        all.lines = value.lines;
        return value.next;
      }
      last = value.line;
      all.hits += 1;
      all.commands[value.command] = (all.commands[value.command] ?? 0) + 1;
      yield value;
    }
  } catch (error) {
    // The queen does not wait for ever for hits to be taken.
    if (last === undefined || !(error instanceof SkepError) || error.code !== 'TIMED_OUT') throw error;
    return last + 1;
  } finally {
    await page.return(all);
  }
}

async function* searchOnce(ask: AskSearch, query: Partial<SearchQuery>): AsyncGenerator<SearchHit, SearchEnd, void> {
  for await (const value of jsonLines(ask(query))) {
    const failure = errorIn(value);
    if (failure) throw failure;
    if (typeof value === 'object' && value !== null && 'end' in value) return parseAs(SearchEnd, value, 'The end of a search');
    yield parseAs(SearchHit, value, 'What was found');
  }
  throw new SkepError('INTERNAL', 'The search ended without a word');
}
