import {
  type AttemptEvent,
  type CancelAnswer,
  type DroneInfo,
  type DroneSummary,
  type HeldAttempt,
  type JobFrame,
  type JobSummary,
  type JobWhy,
  type Limits,
  type ResumeVerdict,
  SkepError,
  type SubmitAnswer,
  type Usual,
  type Waiting,
} from '@skep/protocol';
import { createFleet, type Fleet, type QueueOrder } from '@skep/scheduler';
import type { DroppedPlatformRecord, Store, TemplateRecord } from '@skep/store';
import type { Logger } from 'pino';
import { monotonicFactory } from 'ulid';
import type { Clock } from '../clock.js';
import { RunHistory } from '../estimates/RunHistory.js';
import type { Announcer, Coordination, DroneLink, PlatformDesk, ScheduleDesk, TemplateDesk } from '../ports.js';
import type { Tickets } from '../tickets.js';
import type { Ends } from './after.js';
import { waitingOf } from './announce.js';
import { cancelJob, endOverdue } from './cancel.js';
import type { CoordinatorMeter, Core, Decision } from './core.js';
import { findDrone, forgetDrone, sayDied, setDrained, takeDroneGone, takeDroneInfo, takeDroneSeen, takeResume } from './drones.js';
import type { LiveDrone } from './LiveDrone.js';
import type { LiveJob } from './LiveJob.js';
import { Lives } from './Lives.js';
import { compareBuilds } from './parents/compareBuilds.js';
import type { Plan } from './parents/planOf.js';
import { createPlatformDesk } from './platforms/platformDesk.js';
import { changePriority } from './priority.js';
import { recover } from './recover.js';
import { Submissions } from './Submissions.js';
import type { LiveSchedule } from './schedules/LiveSchedule.js';
import { ScheduleTimer } from './schedules/ScheduleTimer.js';
import { createScheduleDesk } from './schedules/scheduleDesk.js';
import { takeFrame, takePlainEvent } from './takeEvents.js';
import { createTemplateDesk } from './templates/templateDesk.js';
import { type TurnOf, turnsOf, type WeighedJob } from './turnOf.js';
import { whyOf } from './why.js';

export interface CoordinatorOptions {
  store: Store;
  announcer: Announcer;
  clock: Clock;
  log: Logger;
  meter: CoordinatorMeter;
  limits: Limits;
  lostAfterMs: number;
  tickets: Pick<Tickets, 'of'>;
  random: () => number;
  /** First come first served among equal priorities if absent. */
  order?: QueueOrder<WeighedJob> | undefined;
}

/**
 * Decides, and is the only one that writes. Every decision is made at once in memory, written in one commit, and told
 * only when it is durable. If a commit fails, all begins anew from the store; drones keep what was not confirmed.
 */
export class Coordinator implements Core, Coordination {
  readonly store: Store;
  readonly announcer: Announcer;
  readonly clock: Clock;
  readonly log: Logger;
  readonly meter: CoordinatorMeter;
  readonly limits: Limits;
  readonly lostAfterMs: number;
  readonly tickets: Pick<Tickets, 'of'>;
  readonly random: () => number;
  readonly turnOf: TurnOf;
  readonly history: RunHistory;
  readonly jobs = new Map<string, LiveJob>();
  readonly behind = new Map<string, Set<LiveJob>>();
  readonly drones = new Map<string, LiveDrone>();
  readonly schedules = new Map<string, LiveSchedule>();
  readonly templates = new Map<string, TemplateRecord>();
  readonly platforms = new Map<string, DroppedPlatformRecord>();
  readonly scheduleTimer = new ScheduleTimer(this);
  fleet: Fleet = createFleet();
  lastLease = 0;
  lastOrder = 0;
  readonly #lives: Lives;
  readonly #checkReady = (): void => this.#lives.checkReady();
  readonly #submissions = new Submissions(this, this.#checkReady);
  readonly #newId = monotonicFactory();
  /** What people ask about schedules. */
  readonly scheduleDesk: ScheduleDesk = createScheduleDesk(this, this.#checkReady);
  /** What people ask about templates. */
  readonly templateDesk: TemplateDesk = createTemplateDesk(this, this.#checkReady, (job) => this.submit(job));
  /** What people ask about platforms. */
  readonly platformDesk: PlatformDesk = createPlatformDesk(this, this.#checkReady);

  constructor(options: CoordinatorOptions) {
    this.store = options.store;
    this.history = new RunHistory(options.store);
    this.announcer = options.announcer;
    this.clock = options.clock;
    this.log = options.log;
    this.meter = options.meter;
    this.limits = options.limits;
    this.lostAfterMs = options.lostAfterMs;
    this.tickets = options.tickets;
    this.random = options.random;
    this.turnOf = turnsOf(options.order ?? 'fifo', options.random, options.log);
    const { store, clock, log, meter } = options;
    this.#lives = new Lives({
      store,
      clock,
      log,
      meter,
      recover: () => recover(this),
      begun: () => this.#begun(),
      abandon: () => this.#abandon(),
      forget: () => this.#forget(),
    });
  }

  /** Rebuilds from the store what was waiting and running; nothing can be asked before. */
  start(): Promise<void> {
    return this.#lives.start();
  }

  /** Decides nothing more; drones go on and come back to the next queen. */
  stop(): void {
    this.#lives.stop();
  }

  async carryOut(decision: Decision): Promise<void> {
    await this.#lives.write(decision.toChanges());
    decision.announce();
  }

  submit(data: unknown): Promise<SubmitAnswer> {
    return this.#submissions.submit(data);
  }

  addJob(plan: Plan, ends: Ends, also?: (decision: Decision, id: string) => void): Promise<SubmitAnswer> {
    return this.#submissions.add(plan, ends, also);
  }

  newId(): string {
    return this.#newId(this.clock.now());
  }

  onBuilt(parent: LiveJob): void {
    void compareBuilds(this, parent);
  }

  async cancel(id: string, reason?: string): Promise<CancelAnswer> {
    this.#checkReady();
    const job = this.jobs.get(id);
    if (job) {
      await job.stored;
      if (this.jobs.get(id) === job) return cancelJob(this, job, reason);
    }
    if (await this.store.job(id)) return { status: 'done' };
    throw new SkepError('JOB_NOT_FOUND', `There is no job ${id}`);
  }

  async setPriority(id: string, priority: number): Promise<void> {
    this.#checkReady();
    const job = this.jobs.get(id);
    if (job) {
      await job.stored;
      if (this.jobs.get(id) === job) return changePriority(this, job, priority);
    }
    if (await this.store.job(id)) throw new SkepError('JOB_DONE', `Job ${id} is done`);
    throw new SkepError('JOB_NOT_FOUND', `There is no job ${id}`);
  }

  retry(id: string): Promise<SubmitAnswer> {
    return this.#submissions.retry(id);
  }

  waiting(id: string): Waiting | null {
    const job = this.jobs.get(id);
    return job ? waitingOf(this, job) : null;
  }

  told(id: string): JobSummary | undefined {
    const job = this.jobs.get(id);
    return job?.told && { ...job.told, cursor: job.toldCursor };
  }

  usual(id: string): Usual | undefined {
    return this.jobs.get(id)?.attempt?.usual;
  }

  async why(id: string): Promise<JobWhy> {
    this.#checkReady();
    return whyOf(this, id);
  }

  checkLease(jobId: string, attempt: number, lease: number): void {
    const record = this.jobs.get(jobId)?.attempt?.record;
    if (record?.attempt !== attempt || record.lease !== lease || record.endedAt !== null)
      throw new SkepError('LEASE_ENDED', `The lease of job ${jobId}, attempt ${attempt}, has ended`);
  }

  neededJobs(): Set<string> {
    return new Set([...this.jobs.values()].flatMap(({ record: { job } }) => [...(job.after ?? []), ...(job.follows ?? [])]));
  }

  counts(): { queued: number; assigned: number; running: number } {
    const counts = { queued: 0, assigned: 0, running: 0 };
    for (const { record, family } of this.jobs.values()) if (!family && record.status !== 'done') counts[record.status] += 1;
    return counts;
  }

  listDrones(): DroneSummary[] {
    return [...this.drones.values()].map((drone) => drone.summary(this)).sort((a, b) => a.name.localeCompare(b.name));
  }

  async drain(idOrName: string, reason = 'drained'): Promise<DroneSummary> {
    return this.#setDrained(idOrName, reason);
  }

  async resume(idOrName: string): Promise<DroneSummary> {
    return this.#setDrained(idOrName, null);
  }

  async forget(idOrName: string): Promise<void> {
    this.#checkReady();
    await forgetDrone(this, findDrone(this, idOrName));
  }

  droneInfo(link: DroneLink, info: DroneInfo): void {
    this.#checkReady();
    takeDroneInfo(this, link, info);
  }

  async droneResumes(link: DroneLink, held: readonly HeldAttempt[]): Promise<ResumeVerdict[]> {
    this.#checkReady();
    return takeResume(this, link, held);
  }

  droneSeen(link: DroneLink): void {
    if (this.#lives.canDecide) takeDroneSeen(this, link);
  }

  droneGone(link: DroneLink, clean: boolean): void {
    if (this.#lives.canDecide) takeDroneGone(this, link, clean);
  }

  plainEvent({ droneId }: DroneLink, jobId: string, event: AttemptEvent): void {
    this.#checkReady();
    takePlainEvent(this, droneId, jobId, event);
  }

  async frame({ droneId }: DroneLink, frame: JobFrame): Promise<number> {
    this.#checkReady();
    return takeFrame(this, droneId, frame);
  }

  onOverdue(job: LiveJob): void {
    endOverdue(this, job);
  }

  async #setDrained(idOrName: string, reason: string | null): Promise<DroneSummary> {
    this.#checkReady();
    const drone = findDrone(this, idOrName);
    await setDrained(this, drone, reason);
    return drone.summary(this);
  }

  #begun(): void {
    const waiting = [...this.jobs.values()].filter((job) => waitingOf(this, job)).length;
    this.log.info({ jobs: this.jobs.size, drones: this.drones.size, waiting }, 'recovered');
    this.scheduleTimer.look();
  }

  #abandon(): void {
    for (const drone of this.drones.values()) {
      if (drone.link) this.announcer.dropDrone(drone.id, drone.link.linkId);
      sayDied(this, drone);
    }
  }

  #forget(): void {
    for (const job of this.jobs.values()) job.clearTimers();
    for (const drone of this.drones.values()) drone.clearTimers();
    this.history.clear();
    this.scheduleTimer.clear();
    this.schedules.clear();
    this.templates.clear();
    this.platforms.clear();
    this.jobs.clear();
    this.behind.clear();
    this.drones.clear();
    this.fleet = createFleet();
  }
}
