import type { DueTime, MissedPolicy, OverlapPolicy } from '@skep/protocol';
import { localTime, type Times, timesOf } from '@skep/scheduler';
import type { ScheduleRecord, ScheduleRunRow } from '@skep/store';

/** A schedule as it is now. What is changed of it by people becomes another; so one that is decided on is still the same if it is still there. */
export class LiveSchedule {
  readonly #times: Times;
  /** The next time of which is not decided what becomes of it, Unix ms; undefined if there is none. */
  nextAt: number | undefined;
  /** Whether a decision on it waits for the store. */
  isBusy = false;
  /** Unix ms: not before then is it tried again, where a job could not be made. */
  retryAt = 0;

  constructor(
    public record: ScheduleRecord,
    /** Its jobs that are not done, by their times, the oldest first. */
    readonly running: Set<string>,
    /** What became of its last times, the newest last. */
    public results: readonly ScheduleRunRow[],
  ) {
    this.#times = timesOf(record.spec.when, record.name, record.anchorAt);
    this.nextAt = this.#times.after(record.decidedUntil, 1)[0];
  }

  get name(): string {
    return this.record.name;
  }

  get missed(): MissedPolicy {
    return this.record.spec.missed ?? 'once';
  }

  get overlap(): OverlapPolicy {
    return this.record.spec.overlap ?? 'skip';
  }

  /** It is decided what becomes of all times up to this one. */
  decideUntil(atMs: number): void {
    this.record = { ...this.record, decidedUntil: atMs };
    this.nextAt = this.#times.after(atMs, 1)[0];
  }

  /** The times that have come and are not decided, in order; of more than `atMost` the newest. */
  due(nowMs: number, atMost: number): number[] {
    return this.#times.within(this.record.decidedUntil, nowMs, atMost);
  }

  /** The next times from now on. */
  next(nowMs: number, count: number): DueTime[] {
    const zone = this.record.spec.when.zone ?? 'UTC';
    return this.#times.after(Math.max(nowMs, this.record.decidedUntil), count).map((at) => ({ at, local: localTime(at, zone) }));
  }
}
