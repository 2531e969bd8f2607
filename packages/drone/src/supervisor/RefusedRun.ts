import type { AssignedJob } from '@skep/protocol';
import type { AbortReason } from '../executor/AttemptContext.js';
import { MemorySpool } from '../spool/MemorySpool.js';
import type { Run, RunListener } from './Run.js';

/** An attempt that could not even begin: all it does is say why. */
export class RefusedRun implements Run {
  readonly spool = new MemorySpool();
  readonly #listener: RunListener;

  constructor({ assigned }: AssignedJob, reason: AbortReason, listener: RunListener) {
    this.#listener = listener;
    this.spool.append(0, { name: 'job:queued', args: [assigned] });
    this.spool.append(0, { name: 'job:errored', args: [reason, assigned] });
    this.spool.append(0, { name: 'job:done', args: [assigned] });
    this.spool.end();
  }

  start(): void {
    this.#listener.ended();
  }

  abort(): void {
    this.#listener.ended();
  }
}
