import { type OutputQuery, SkepError, type Stream } from '@skep/protocol';
import type { AttemptRecord, EventRun, Store, StoredEvent } from '@skep/store';
import { type EventHub, News } from './News.js';
import { isCoveredBy, type OutputRange, type Piece, pieceOf, rangeOf } from './outputRange.js';

/** Bytes read from the store at once: all that one reader keeps in memory. */
const PAGE_BYTES = 256 * 1024;

/** A follower looks again after this long even if it was told of nothing, should a word have been lost on the way. */
const LOOK_AGAIN_MS = 15_000;

/** Which part of the output, and whether to go on until it has ended. */
export type OutputRequest = Omit<OutputQuery, 'format'>;

/** A piece of output as a command wrote it. */
export interface OutputChunk extends Piece {
  cursor: number;
  attempt: number;
  command: number;
  stream: Stream;
  /** Unix ms. */
  at: number;
}

/** A part of a job's output, found but not yet read. */
export interface Output {
  /** Where the job stood when it was found; what is not followed is read up to there. */
  cursor: number;
  /** The attempt that is read, or read first; undefined before the first one. */
  attempt: AttemptRecord | undefined;
  /** How many bytes will be read; undefined where that cannot be known before. */
  bytes: number | undefined;
  /** Reads a page at a time, each when it is asked for; the store is asked for nothing more once the signal is aborted. */
  pages(signal: AbortSignal): AsyncIterable<OutputChunk[]>;
}

/**
 * Finds a part of a job's output. Without an attempt's number it begins at the cursor or else with the latest attempt,
 * and goes on through all that come after; a range of lines or bytes counts within one attempt and ends with it.
 * @throws JOB_NOT_FOUND, ATTEMPT_NOT_FOUND, INVALID_MESSAGE, RANGE_NOT_SATISFIABLE
 */
export async function findOutput(store: Store, hub: EventHub, id: string, request: OutputRequest): Promise<Output> {
  if (!(await store.job(id))) throw new SkepError('JOB_NOT_FOUND', `There is no job ${id}`);
  const attempts = await store.attempts(id);
  const range = rangeOf(request);
  const attempt = chosenAttempt(id, attempts, request.attempt);
  const latest = attempts.at(-1);
  const end = latest ? latest.firstCursor + latest.events : 0;
  const place = await placeOf(store, id, attempt, range, request.follow);
  const only = request.attempt !== undefined || range ? (attempt?.attempt ?? 1) : undefined;
  const start = only ? Math.max(place, request.cursor ?? 0) : (request.cursor ?? place);
  const stop = only && attempt ? attempt.firstCursor + attempt.events : end;
  return {
    cursor: end,
    attempt,
    bytes: request.follow || isFiltered(request) ? undefined : bytesIn(attempt, range),
    pages: (signal) => readPages({ store, hub, id, request, range, only, start, stop }, signal),
  };
}

/** The attempt of this number, or the latest; undefined where there is none yet. @throws ATTEMPT_NOT_FOUND */
export function chosenAttempt(id: string, attempts: AttemptRecord[], number: number | undefined): AttemptRecord | undefined {
  if (number === undefined) return attempts.at(-1);
  const chosen = attempts.find(({ attempt }) => attempt === number);
  if (!chosen) throw new SkepError('ATTEMPT_NOT_FOUND', `Job ${id} has no attempt ${number}`);
  return chosen;
}

/** The cursor at which the range begins; without a range that of the attempt's first event. */
async function placeOf(store: Store, id: string, attempt: AttemptRecord | undefined, range: OutputRange | undefined, follow: boolean) {
  const size = range?.unit === 'line' ? (attempt?.outputLines ?? 0) : (attempt?.outputBytes ?? 0);
  const isGrowing = follow && attempt?.endedAt == null;
  if (range && range.from > size && !isGrowing)
    throw new SkepError('RANGE_NOT_SATISFIABLE', `The range begins after the end of the output, which has ${size} ${range.unit}s`);
  if (!attempt) return 0;
  if (!range || range.from === 0) return attempt.firstCursor;
  const place = range.unit === 'line' ? { line: range.from } : { byte: range.from };
  return attempt.firstCursor + (await store.seqAt(id, attempt.attempt, place));
}

const isFiltered = ({ command, stream, lines, cursor }: OutputRequest): boolean =>
  [command, stream, lines, cursor].some((given) => given !== undefined);

const bytesIn = (attempt: AttemptRecord | undefined, range: OutputRange | undefined): number => {
  const bytes = attempt?.outputBytes ?? 0;
  return Math.max(0, Math.min(bytes, range?.to ?? bytes) - (range?.from ?? 0));
};

interface Reading {
  store: Store;
  hub: EventHub;
  id: string;
  request: OutputRequest;
  range: OutputRange | undefined;
  /** The one attempt to read; undefined for all from the start on. */
  only: number | undefined;
  start: number;
  /** Where to end if not following. */
  stop: number;
}

async function* readPages(reading: Reading, signal: AbortSignal): AsyncGenerator<OutputChunk[]> {
  const { store, hub, id, request, range, only } = reading;
  const stop = request.follow ? Number.POSITIVE_INFINITY : reading.stop;
  const news = new News(hub, id, signal);
  try {
    for (let cursor = reading.start; cursor < stop; ) {
      news.forget();
      // Asked before reading: what was over by then has no events that the reading below could miss.
      const isOver = !request.follow || (await hasEnded(store, id, only));
      for (let run = await store.events(id, cursor, PAGE_BYTES); run.events.length > 0; run = await store.events(id, cursor, PAGE_BYTES)) {
        if (signal.aborted || (only !== undefined && run.attempt > only)) return;
        const { chunks, isCovered } = chunksOf(run, stop, request, range);
        if (chunks.length > 0) yield chunks;
        cursor = run.cursor + run.events.length;
        if (isCovered || cursor >= stop || signal.aborted) return;
      }
      if (isOver || signal.aborted) return;
      await news.wait(LOOK_AGAIN_MS);
    }
  } finally {
    news.close();
  }
}

/** Whether nothing can be added any more: to the job, or to one attempt of it. */
async function hasEnded(store: Store, id: string, only: number | undefined): Promise<boolean> {
  const job = await store.job(id);
  if (!job || job.status === 'done') return true;
  if (only === undefined) return false;
  return (await store.attempts(id)).some(({ attempt, endedAt }) => attempt === only && endedAt !== null);
}

const hasOutput = (event: StoredEvent): event is StoredEvent & { output: NonNullable<StoredEvent['output']> } => event.output !== null;

function chunksOf(run: EventRun, stop: number, { command, stream }: OutputRequest, range: OutputRange | undefined) {
  const chunks: OutputChunk[] = [];
  let isCovered = false;
  for (const [index, event] of run.events.entries()) {
    const cursor = run.cursor + index;
    if (cursor >= stop || isCovered) break;
    if (!hasOutput(event)) continue;
    isCovered = range !== undefined && isCoveredBy(range, event);
    if (command !== undefined && event.output.command !== command) continue;
    if (stream !== undefined && event.output.stream !== stream) continue;
    const piece = pieceOf(event, range);
    if (piece.bytes.length === 0) continue;
    chunks.push({ cursor, attempt: run.attempt, command: event.output.command, stream: event.output.stream, at: event.at, ...piece });
  }
  return { chunks, isCovered };
}
