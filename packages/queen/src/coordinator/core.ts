import type { Limits, SubmitAnswer } from '@skep/protocol';
import type { Fleet } from '@skep/scheduler';
import type { Change, DroppedPlatformRecord, Store, TemplateRecord } from '@skep/store';
import type { Logger } from 'pino';
import type { Clock } from '../clock.js';
import type { RunHistory } from '../estimates/RunHistory.js';
import type { Announcer } from '../ports.js';
import type { Tickets } from '../tickets.js';
import type { Ends } from './after.js';
import type { LiveDrone } from './LiveDrone.js';
import { type LiveAttempt, type LiveJob, stateChange } from './LiveJob.js';
import type { Plan } from './parents/planOf.js';
import type { LiveSchedule } from './schedules/LiveSchedule.js';
import type { ScheduleTimer } from './schedules/ScheduleTimer.js';
import type { TurnOf } from './turnOf.js';

/** What the coordinator measures; the metrics of the queen implement it. */
export interface CoordinatorMeter {
  jobDone(outcome: string, waitedMs: number, ranMs: number): void;
  eventsStored(count: number, bytes: number): void;
  committed(durationMs: number): void;
}

/** All that the parts of the coordinator share: the state they decide on, and where decisions go. */
export interface Core {
  readonly store: Store;
  /** What past runs took. */
  readonly history: RunHistory;
  readonly fleet: Fleet;
  readonly announcer: Announcer;
  readonly clock: Clock;
  readonly log: Logger;
  readonly meter: CoordinatorMeter;
  readonly limits: Limits;
  /** Milliseconds that a drone which is gone keeps its attempts, unless a job says otherwise. */
  readonly lostAfterMs: number;
  readonly tickets: Pick<Tickets, 'of'>;
  /** A number in [0, 1), for jitter. */
  readonly random: () => number;
  /** All jobs that are not done, by id. */
  readonly jobs: Map<string, LiveJob>;
  /** The jobs that wait for a job, by its id. */
  readonly behind: Map<string, Set<LiveJob>>;
  /** All drones that are known, by id. */
  readonly drones: Map<string, LiveDrone>;
  /** All schedules, by name. */
  readonly schedules: Map<string, LiveSchedule>;
  /** All templates, by name. */
  readonly templates: Map<string, TemplateRecord>;
  /** The platforms that are dropped, by name. */
  readonly platforms: Map<string, DroppedPlatformRecord>;
  /** Calls when the next schedule is due. */
  readonly scheduleTimer: ScheduleTimer;
  /** The lease granted last. */
  lastLease: number;
  /** When a job that begins to wait has its turn. */
  readonly turnOf: TurnOf;
  /** The place in line given last. */
  lastOrder: number;
  /**
   * Takes in a job that is not known yet, with its children, at once. `also` adds to the decision, and is called only if there
   * is to be one.
   * @throws QUEUE_FULL, QUEEN_STOPPING
   */
  addJob(plan: Plan, ends: Ends, also?: (decision: Decision, id: string) => void): Promise<SubmitAnswer>;
  /** An id for a job that nobody named. */
  newId(): string;
  /** Compares what the builds of a parent left behind, and ends it. */
  onBuilt(parent: LiveJob): void;
  /** Ends an attempt whose drone let its time limit pass. */
  onOverdue(job: LiveJob): void;
  /** Writes a decision and then tells of it. Resolved when it is durable; a failure suspends the coordinator. */
  carryOut(decision: Decision): Promise<void>;
}

/**
 * What was decided in one step: what to write, and what to say once that is durable. Whoever is told may rely on it: a
 * queen that is killed in between knows the same after its restart. Jobs and attempts are written as they are when the
 * step is over, each once, however often it touched them.
 */
export class Decision {
  readonly #newJobs = new Set<LiveJob>();
  readonly #jobs = new Set<LiveJob>();
  readonly #attempts = new Set<LiveAttempt>();
  readonly #others: Change[] = [];
  readonly #afterwards: (() => void)[] = [];

  /** Writes a job that is new. */
  addJob(job: LiveJob): void {
    this.#newJobs.add(job);
  }

  /** Writes what has become of a job. */
  saveJob(job: LiveJob): void {
    if (!this.#newJobs.has(job)) this.#jobs.add(job);
  }

  /** Writes a new attempt, or what has become of one. */
  saveAttempt(attempt: LiveAttempt): void {
    this.#attempts.add(attempt);
  }

  /** Writes events, commands, drones. */
  write(change: Change): void {
    this.#others.push(change);
  }

  /** All there is to write: events before the end of their attempt, the end of an attempt before the next one begins. */
  toChanges(): Change[] {
    const changes: Change[] = [];
    for (const { record } of this.#newJobs) changes.push({ type: 'job', record: { ...record } });
    changes.push(...this.#others);
    for (const { record } of this.#attempts) changes.push({ type: 'attempt', record: { ...record } });
    for (const job of this.#jobs) changes.push(stateChange(job));
    return changes;
  }

  /** Has this said after the commit. */
  tell(say: () => void): void {
    this.#afterwards.push(say);
  }

  /** Says all there is to say; to be called after the commit. */
  announce(): void {
    for (const say of this.#afterwards) say();
  }
}

/** Makes a decision and carries it out. */
export function decide(core: Core, make: (decision: Decision) => void): Promise<void> {
  const decision = new Decision();
  make(decision);
  return core.carryOut(decision);
}

/** The same where nobody waits for the commit. If it fails, the coordinator has suspended itself and begins anew from the store. */
export function decideAlone(core: Core, make: (decision: Decision) => void): void {
  decide(core, make).catch(() => undefined);
}
