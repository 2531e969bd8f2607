import type { JobSummary } from '@skep/protocol';
import type { EventRun } from '@skep/store';

/** How much is kept of one job, and of all together, in bytes. */
const JOB_BYTES = 2 * 1024 * 1024;
const ALL_BYTES = 16 * 1024 * 1024;
/** About what an event takes beside its output. */
const EVENT_BYTES = 512;
/** How long after the newest word of a job it is kept, in ms: who is told of a job that is over by then looks for it at once. */
const KEPT_MS = 1000;

interface Kept {
  heardAt: number;
  bytes: number;
  /** Without gaps, oldest first. */
  runs: EventRun[];
  /** What was told last, where the job is over. */
  done: JobSummary | undefined;
}

/** What was told of jobs lately, all of it durable: who is only a little behind need not wake the store for it. */
export class Recent {
  /** The job of which was heard last comes last. */
  readonly #jobs = new Map<string, Kept>();
  #bytes = 0;

  /** @param now milliseconds that only ever grow */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Events of a job. */
  heard(jobId: string, run: EventRun): void {
    const kept = this.#renew(jobId);
    while (kept.runs.length > 0 && endOf(kept.runs) !== run.cursor) this.#drop(kept);
    const bytes = weightOf(run);
    kept.runs.push(run);
    kept.bytes += bytes;
    this.#bytes += bytes;
    while (kept.bytes > JOB_BYTES) this.#drop(kept);
    this.#forgetOld();
  }

  /** What a job is now. */
  changed(summary: JobSummary): void {
    const { id, status } = summary;
    if (status === 'done') this.#renew(id).done = summary;
    // The one that is over was removed, and this is another of its id.
    else if (this.#jobs.get(id)?.done) this.#forget(id);
    this.#forgetOld();
  }

  /** The events from this cursor on that came together with it; undefined if they are not kept. */
  from(jobId: string, cursor: number): EventRun | undefined {
    const runs = this.#jobs.get(jobId)?.runs ?? [];
    const run = runs.findLast((each) => each.cursor <= cursor);
    if (!run || cursor >= run.cursor + run.events.length) return undefined;
    return cursor === run.cursor ? run : { attempt: run.attempt, cursor, events: run.events.slice(cursor - run.cursor) };
  }

  /** The summary of a job that was over just now. */
  done(jobId: string): JobSummary | undefined {
    const kept = this.#jobs.get(jobId);
    return kept && this.now() - kept.heardAt < KEPT_MS ? kept.done : undefined;
  }

  #renew(jobId: string): Kept {
    const kept = this.#jobs.get(jobId) ?? { heardAt: 0, bytes: 0, runs: [], done: undefined };
    kept.heardAt = this.now();
    this.#jobs.delete(jobId);
    this.#jobs.set(jobId, kept);
    return kept;
  }

  #forgetOld(): void {
    const before = this.now() - KEPT_MS;
    for (const [jobId, kept] of this.#jobs) {
      if (kept.heardAt >= before && this.#bytes <= ALL_BYTES) return;
      this.#forget(jobId);
    }
  }

  #forget(jobId: string): void {
    this.#bytes -= this.#jobs.get(jobId)?.bytes ?? 0;
    this.#jobs.delete(jobId);
  }

  #drop(kept: Kept): void {
    const oldest = kept.runs.shift();
    const bytes = oldest ? weightOf(oldest) : kept.bytes;
    kept.bytes -= bytes;
    this.#bytes -= bytes;
  }
}

const endOf = (runs: readonly EventRun[]): number | undefined => {
  const last = runs.at(-1);
  return last && last.cursor + last.events.length;
};

/** What a run keeps in memory, at most: output may be a small part of the memory that a message came in. */
const weightOf = ({ events }: EventRun): number =>
  events.reduce((sum, { output }) => sum + EVENT_BYTES + (output?.bytes.buffer.byteLength ?? 0), 0);
