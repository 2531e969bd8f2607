import type { Hash } from 'node:crypto';
import type { JobSummary, Usual } from '@skep/protocol';
import type { AttemptRecord, Change, CommandRecord, JobRecord, JobState } from '@skep/store';
import type { Clock } from '../clock.js';
import type { Core } from './core.js';
import type { Family } from './parents/Family.js';

/** What ends a state in which a job would otherwise stay for ever; and `usual`, which tells more of one that runs. */
export type JobTimer = 'queue-timeout' | 'retry' | 'cancel' | 'overdue' | 'lost' | 'usual';

/** The attempt that holds a job's lease. */
export interface LiveAttempt {
  record: AttemptRecord;
  commands: Map<number, CommandRecord>;
  /** The number of the command started last; general text belongs to it. */
  currentCommand: number | null;
  /** Over all output so far; undefined where the queen did not see it all itself. */
  hash: Hash | undefined;
  /** How long the job usually takes on this drone; undefined where unknown, and in its first moment. */
  usual: Usual | undefined;
  /** Gives the drone the job, where it was away when the grant was stored. */
  tellLater?: () => void;
}

/** A job that is not done. */
export class LiveJob {
  readonly #timers = new Map<JobTimer, () => void>();
  /** The attempt whose lease is live. */
  attempt: LiveAttempt | null = null;
  /** Its children, where it is a parent: then it has no attempts, and stands in no line. */
  family: Family | null = null;
  /** How many attempts were lost, and how many ended badly by themselves. */
  lostAttempts = 0;
  failedAttempts = 0;
  /** What its latest attempt that is over returned. */
  result: unknown = null;
  /** What watchers were told last, so what is durable. */
  told: JobSummary | undefined;
  /** The cursor after the newest event that watchers were told. */
  toldCursor: number;
  /** The jobs that it waits for. */
  readonly pending = new Set<string>();
  /** Unix ms: since when it waits for nothing but a drone, or will do when `pending` is empty. */
  readyAt: number;
  /** Settled when the job itself is durable; a cancel waits for it. */
  stored: Promise<void> = Promise.resolve();

  constructor(
    readonly record: JobRecord,
    /** Its place in line among equal priorities; kept through retries. */
    readonly order: number,
  ) {
    this.readyAt = record.queuedAt;
    this.toldCursor = record.cursor;
  }

  get id(): string {
    return this.record.id;
  }

  /** How many of its attempts count as failures. */
  get failures(): number {
    return this.lostAttempts + this.failedAttempts;
  }

  /** Sets a timer, in place of the one of that name. */
  setTimer(clock: Clock, name: JobTimer, afterMs: number, callback: () => void): void {
    this.clearTimer(name);
    this.#timers.set(
      name,
      clock.setTimer(() => {
        this.#timers.delete(name);
        callback();
      }, afterMs),
    );
  }

  clearTimer(name: JobTimer): void {
    this.#timers.get(name)?.();
    this.#timers.delete(name);
  }

  clearTimers(): void {
    for (const name of [...this.#timers.keys()]) this.clearTimer(name);
  }

  /** Milliseconds that a drone which is gone keeps this job. */
  lostAfterMs(core: Core): number {
    const { lostAfter } = this.record.job;
    return lostAfter === undefined ? core.lostAfterMs : lostAfter * 1000;
  }
}

/** The change that writes what has become of a job. */
export function stateChange({ record }: LiveJob): Change {
  const { status, outcome, reason, attempt, droneId, droneName, phase, startedAt, waitedMs, finishedAt } = record;
  const { exitCode, signal, confirmed, cancelReason, notBefore, priority, cursor, children } = record;
  const state: JobState = {
    status,
    outcome,
    reason,
    attempt,
    droneId,
    droneName,
    phase,
    startedAt,
    waitedMs,
    finishedAt,
    exitCode,
    signal,
    confirmed,
    cancelReason,
    notBefore,
    priority,
    cursor,
    children,
  };
  return { type: 'job-state', id: record.id, state };
}
