import { once } from 'node:events';
import { Readable, type Writable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import { SkepError } from '@skep/protocol';
import type { Request, Response } from 'express';
import type { QueenMetrics } from './metrics.js';
import type { Answer } from './route.js';

// Long enough for a person who pages through a stream and goes for a coffee, short enough that a peer that hangs does not stay for ever.
const STALLED_MS = 15 * 60_000;

/** Sends what a handler answered. Resolved when all was sent, or nobody takes it any more. */
export async function send(answer: Answer, request: Request, response: Response): Promise<void> {
  if ('stream' in answer) return sendStream(answer, request, response);
  response.set(answer.headers ?? {});
  if ('json' in answer) response.json(answer.json);
  else if ('text' in answer) response.send(answer.text);
  else response.end();
}

type StreamAnswer = Extract<Answer, { stream: unknown }>;

async function sendStream({ stream, headers, isLive, isGzipped }: StreamAnswer, request: Request, response: Response): Promise<void> {
  const leaving = new AbortController();
  response.once('close', () => leaving.abort());
  // What was on its way when the other side left: no error of ours.
  response.on('error', () => leaving.abort());
  const begin = (): void => {
    if (response.headersSent) return;
    response.set({ ...headers, ...(isGzipped && { 'Content-Encoding': 'gzip' }) });
    response.flushHeaders();
  };
  if (isLive || request.method === 'HEAD') begin();
  if (request.method === 'HEAD') {
    // What is open by now would stay so, for nobody reads it.
    const unread = stream(leaving.signal);
    if (unread instanceof Readable) unread.destroy();
    response.end();
    return;
  }
  const gzip = isGzipped ? createGzip({ level: constants.Z_BEST_SPEED }) : undefined;
  gzip?.pipe(response);
  const sink: Writable = gzip ?? response;
  try {
    for await (const bytes of stream(leaving.signal)) {
      begin();
      if (!sink.write(bytes)) await drained(sink, leaving.signal);
    }
    begin();
    sink.end();
  } catch (error) {
    gzip?.destroy();
    // Nobody is there to be told of anything.
    if (!leaving.signal.aborted) throw error;
  } finally {
    if (leaving.signal.aborted) gzip?.destroy();
  }
}

/** Waits until the other side has taken what was written, so that no more is kept for it than that. */
async function drained(sink: Writable, leaving: AbortSignal): Promise<void> {
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(), STALLED_MS);
  const give = (): void => stalled.abort();
  leaving.addEventListener('abort', give);
  try {
    if (leaving.aborted) return;
    await once(sink, 'drain', { signal: stalled.signal });
  } catch (cause) {
    if (!leaving.aborted) throw new SkepError('TIMED_OUT', `Nothing was taken for ${STALLED_MS / 1000} s`, { cause });
  } finally {
    clearTimeout(timer);
    leaving.removeEventListener('abort', give);
  }
}

/** Marks when the request came, and by which route's pattern it is counted. */
export const beginCounting = (response: Response, route: string): void => {
  response.locals.count = { route, since: performance.now() };
};

/** Counts an answer that is about to be sent. */
export function countAnswer(response: Response, status: number, metrics: QueenMetrics): void {
  const { route, since } = (response.locals.count ?? { route: 'none', since: performance.now() }) as { route: string; since: number };
  metrics.requestAnswered(response.req.method, route, status, performance.now() - since);
}
