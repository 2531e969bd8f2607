import type { AbortReason } from '../executor/AttemptContext.js';
import type { Spool } from '../spool/Spool.js';

/** What a run tells the supervisor. */
export interface RunListener {
  /** The spool has grown. */
  grown(): void;
  /** The end mark is in the spool; nothing of the attempt runs any more. */
  ended(): void;
  /** Nothing of the attempt runs any more, and its spool will never have an end. */
  broken?(): void;
}

/** One attempt as it is being run, whoever does it. Its spool holds `job:queued` from the beginning. */
export interface Run {
  readonly spool: Spool;
  /** Begins; until then it only waits for a slot. */
  start(): void;
  /** Ends it early, also before it began; `ended` is told when that is done. */
  abort(reason: AbortReason): void;
}
