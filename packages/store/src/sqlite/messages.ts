import type { EncodedChange } from './changes.js';
import type { Failure } from './failures.js';
import type { Question } from './reader.js';

/** What a thread of the store is for, as its `workerData`. */
export interface ThreadData {
  role: 'writer' | 'reader';
  /** The data folder. */
  dataDir: string;
}

/** One call of `commit()`. */
export interface EncodedCall {
  id: number;
  changes: EncodedChange[];
  series: number | undefined;
}

/** The calls of one turn of the event loop, in their order, and the output of them all. */
export interface WriteRequest {
  calls: EncodedCall[];
  memory: Uint8Array<ArrayBuffer>;
}

/** A question to the reader. */
export interface ReadRequest {
  id: number;
  question: Question;
  args: unknown[];
}

/** The last message to a thread: carry out what came before, then end. */
export const CLOSE = 'close';

/** What has become of a call. */
export type Settled = { id: number; value: unknown } | { id: number; failure: Failure };

/** What a thread says: once that it is open, or why not; then what has become of calls, many at once. */
export type ThreadMessage = { type: 'open' } | { type: 'failed'; failure: Failure } | { type: 'settled'; calls: Settled[] };
