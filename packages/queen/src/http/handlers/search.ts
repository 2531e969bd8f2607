import { type ErrorAnswer, JobId, SearchQuery, toSkepError } from '@skep/protocol';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { SearchNews } from '../../search/Searches.js';
import { route } from '../route.js';

const params = z.object({ id: JobId });

export const searchOutput = route({
  method: 'get',
  path: '/api/jobs/:id/output/search',
  summary:
    'The lines of the output so far in which something is found, as ndjson: an object for each {line, command, stream, text, column, cut?}, ' +
    'then {end: true, hits, lines, commands, next?}, or {error} if it could not go on. What is searched is what a terminal would show, ' +
    'without escape sequences. Closing the connection ends the search.',
  scope: 'admin',
  params,
  query: SearchQuery,
  answer: { status: 200, type: 'application/x-ndjson' },
  async handle({ params, query }, { searches, log }) {
    const search = await searches.find(params.id, query);
    return {
      headers: { 'Content-Type': 'application/x-ndjson; charset=utf-8' },
      stream: (signal) => linesOf(search(signal), signal, log),
      isLive: false,
      isGzipped: false,
    };
  },
});

/** What a search says, an object a line; so is an error, once there is no status any more to say it with. */
async function* linesOf(news: AsyncIterable<SearchNews>, signal: AbortSignal, log: Logger): AsyncGenerator<Uint8Array, void, void> {
  let hasBegun = false;
  try {
    for await (const piece of news) {
      yield Buffer.from((Array.isArray(piece) ? piece : [piece]).map((each) => `${JSON.stringify(each)}\n`).join(''));
      hasBegun = true;
    }
  } catch (error) {
    if (!hasBegun || signal.aborted) throw error;
    const named = toSkepError(error);
    if (named.status >= 500) log.error({ err: named.cause ?? named, code: named.code }, 'search failed');
    const answer: z.infer<typeof ErrorAnswer> = { error: named.toBody() };
    yield Buffer.from(`${JSON.stringify(answer)}\n`);
  }
}
