import {
  type AttemptEvent,
  type CancelAnswer,
  type Cell,
  type DroneInfo,
  type DroneSummary,
  fromStrider,
  type HeldAttempt,
  isStriderJob,
  isTask,
  Job,
  type JobFrame,
  type JobSummary,
  type JobWhy,
  type Limits,
  parseAs,
  type ResumeVerdict,
  SkepError,
  type SubmitAnswer,
  toSkepError,
  type Usual,
  type Waiting,
} from '@skep/protocol';
import { createFleet, type Fleet, type QueueOrder } from '@skep/scheduler';
import type { Change, DroppedPlatformRecord, Store, TemplateRecord } from '@skep/store';
import type { Logger } from 'pino';
import { monotonicFactory } from 'ulid';
import type { Clock } from '../clock.js';
import { RunHistory } from '../estimates/RunHistory.js';
import type { Announcer, Coordination, DroneLink, PlatformDesk, ScheduleDesk, TemplateDesk } from '../ports.js';
import type { Tickets } from '../tickets.js';
import { type Ends, knowingEnds } from './after.js';
import { tellJobChanged, waitingOf } from './announce.js';
import { assignWaiting } from './assign.js';
import { cancelJob, endOverdue } from './cancel.js';
import { type CoordinatorMeter, type Core, type Decision, decide } from './core.js';
import { findDrone, forgetDrone, sayDied, setDrained, takeDroneGone, takeDroneInfo, takeDroneSeen, takeResume } from './drones.js';
import { endParent, waitForTurn } from './endAttempt.js';
import { checkInput } from './inputCheck.js';
import type { LiveDrone } from './LiveDrone.js';
import type { LiveJob } from './LiveJob.js';
import { addPlan, checkIds } from './parents/addPlan.js';
import { compareBuilds } from './parents/compareBuilds.js';
import { countOf, type Plan, planOf } from './parents/planOf.js';
import { createPlatformDesk } from './platforms/platformDesk.js';
import { changePriority } from './priority.js';
import { recover } from './recover.js';
import type { LiveSchedule } from './schedules/LiveSchedule.js';
import { ScheduleTimer } from './schedules/ScheduleTimer.js';
import { createScheduleDesk } from './schedules/scheduleDesk.js';
import { takeFrame, takePlainEvent } from './takeEvents.js';
import { createTemplateDesk } from './templates/templateDesk.js';
import { type TurnOf, turnsOf, type WeighedJob } from './turnOf.js';
import { whyOf } from './why.js';

/** How long after a failure of the store the coordinator begins anew from it. */
const RESTART_MS = 1000;

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
 * only when it is durable. If a commit fails, memory and store no longer agree: the coordinator drops its drones, forgets
 * all it held in memory, and rebuilds it from the store, just as after a restart. Drones keep what was not confirmed.
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
  /** What people ask about schedules. */
  readonly scheduleDesk: ScheduleDesk = createScheduleDesk(this, () => this.#checkReady());
  /** What people ask about templates. */
  readonly templateDesk: TemplateDesk = createTemplateDesk(
    this,
    () => this.#checkReady(),
    (job) => this.submit(job),
  );
  /** What people ask about platforms. */
  readonly platformDesk: PlatformDesk = createPlatformDesk(this, () => this.#checkReady());
  fleet: Fleet = createFleet();
  lastLease = 0;
  lastOrder = 0;
  readonly #newId = monotonicFactory();
  /** Why nothing can be decided now; null in normal times. */
  #suspended: SkepError | null = new SkepError('QUEEN_STOPPING', 'The queen is not ready yet');
  #stopping = false;
  /**
   * Counts the times that it began anew. A commit that fails late must not suspend what came after; and what was decided
   * before the failure was known rests on what is not in the store, so it must fail too: the series of its commits.
   */
  #life = 0;
  #inFlight = 0;
  /** Settles after all commits before it. */
  #lastCommit: Promise<void> = Promise.resolve();
  /** Submissions under ids of their callers' own, until they are durable. */
  readonly #arriving = new Map<string, Promise<SubmitAnswer>>();
  /** Whether the store has failed, and what is in memory rests on what is not in it. */
  #isRestarting = false;
  #isStarting = false;

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
  }

  /** Rebuilds from the store what was waiting and running; nothing can be asked before. */
  async start(): Promise<void> {
    const life = this.#life;
    this.#isStarting = true;
    try {
      await recover(this);
    } finally {
      this.#isStarting = false;
    }
    // Something that it decided meanwhile could not be stored: it begins anew by itself.
    if (life !== this.#life) throw new SkepError('STORE_FAILED');
    const waiting = [...this.jobs.values()].filter((job) => waitingOf(this, job)).length;
    this.log.info({ jobs: this.jobs.size, drones: this.drones.size, waiting }, 'recovered');
    this.#suspended = null;
    this.scheduleTimer.look();
  }

  /** Decides nothing more; drones go on and come back to the next queen. */
  stop(): void {
    this.#stopping = true;
    this.#suspended = new SkepError('QUEEN_STOPPING');
    this.#forget();
  }

  async carryOut(decision: Decision): Promise<void> {
    if (this.#isRestarting) throw new SkepError('STORE_FAILED');
    const changes = decision.toChanges();
    if (changes.length > 0) await this.#commit(changes);
    else await this.#committed();
    decision.announce();
  }

  async submit(data: unknown): Promise<SubmitAnswer> {
    this.#checkReady();
    const job = parseAs(Job, isStriderJob(data) ? fromStrider(data) : data, 'The job', 'INVALID_JOB');
    const { id } = job;
    if (id === undefined) return this.#takeIn(job);
    // Whoever submits the same id meanwhile waits for the same commit.
    const arriving = this.#arriving.get(id) ?? this.#takeIn(job).finally(() => this.#arriving.delete(id));
    this.#arriving.set(id, arriving);
    return arriving;
  }

  /** @param cell which cell of a matrix it is, where it repeats one alone */
  async #takeIn(job: Job, cell: Cell | null = null): Promise<SubmitAnswer> {
    const { id } = job;
    if (id !== undefined && (this.jobs.has(id) || (this.store.mayHave(id) && (await this.store.job(id))))) return { id };
    if (isTask(job)) checkInput(job, this.drones.values());
    const plan = planOf(this, job, id ?? this.newId(), cell);
    if (plan.family) await checkIds(this, plan);
    return knowingEnds(this, job, (ends) => this.addJob(plan, ends));
  }

  async addJob(plan: Plan, ends: Ends, also?: (decision: Decision, id: string) => void): Promise<SubmitAnswer> {
    this.#checkReady();
    const { id } = plan;
    const same = this.jobs.get(id);
    if (same) return same.stored.then(() => ({ id }));
    if (this.jobs.size + countOf(plan) > this.limits.maxQueue) {
      throw new SkepError('QUEUE_FULL', `${this.jobs.size} jobs are waiting or running; maxQueue is ${this.limits.maxQueue}`);
    }
    let made: LiveJob[] = [];
    const stored = decide(this, (decision) => {
      also?.(decision, id);
      made = addPlan(this, decision, plan);
      for (const job of made) {
        if (job.family?.isOver) endParent(this, decision, job, job.family.sum(null));
        else if (!job.family) waitForTurn(this, decision, job, ends);
      }
      assignWaiting(this, decision);
      for (const job of made) if (job.record.status === 'queued') tellJobChanged(this, decision, job);
    });
    for (const job of made) job.stored = stored;
    await stored;
    return { id };
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

  async retry(id: string): Promise<SubmitAnswer> {
    this.#checkReady();
    if (this.jobs.has(id)) throw new SkepError('JOB_NOT_DONE', `Job ${id} is not done`);
    const record = await this.store.job(id);
    if (!record) throw new SkepError('JOB_NOT_FOUND', `There is no job ${id}`);
    const { id: _, job_id: __, ...job } = record.job;
    return this.#takeIn({ ...job, retryOf: id }, record.cell);
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
    if (!this.#suspended) takeDroneSeen(this, link);
  }

  droneGone(link: DroneLink, clean: boolean): void {
    if (!this.#suspended) takeDroneGone(this, link, clean);
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

  #checkReady(): void {
    if (this.#suspended) throw this.#suspended;
  }

  async #commit(changes: Change[]): Promise<void> {
    const life = this.#life;
    const begunAt = performance.now();
    this.#inFlight += 1;
    this.#lastCommit = this.store.commit(changes, life);
    try {
      await this.#lastCommit;
    } catch (error) {
      if (life === this.#life) this.#suspend(toSkepError(error));
      throw error;
    } finally {
      this.#inFlight -= 1;
    }
    this.meter.committed(performance.now() - begunAt);
  }

  /** Waits for all that was decided before: what changes nothing may still tell of what is on its way to the store. */
  async #committed(): Promise<void> {
    if (this.#inFlight === 0) return;
    const life = this.#life;
    await this.#lastCommit;
    if (life !== this.#life) throw new SkepError('STORE_FAILED');
  }

  async #setDrained(idOrName: string, reason: string | null): Promise<DroneSummary> {
    this.#checkReady();
    const drone = findDrone(this, idOrName);
    await setDrained(this, drone, reason);
    return drone.summary(this);
  }

  /** Stops deciding, and begins anew from the store after a while. */
  #suspend(error: SkepError): void {
    if (this.#stopping || this.#isRestarting) return;
    this.#isRestarting = true;
    this.log.error({ err: error }, 'the store failed; beginning anew from it');
    this.#suspended = error.code === 'STORE_FULL' ? error : new SkepError('STORE_FAILED', undefined, { cause: error });
    this.#life += 1;
    for (const drone of this.drones.values()) {
      if (drone.link) this.announcer.dropDrone(drone.id, drone.link.linkId);
      sayDied(this, drone);
    }
    this.#forget();
    this.clock.setTimer(() => this.#beginAnew(), RESTART_MS);
  }

  #beginAnew(): void {
    if (this.#stopping) return;
    // What is still on its way to the store may yet get there: to read before would be to miss it.
    if (this.#inFlight > 0 || this.#isStarting) {
      this.clock.setTimer(() => this.#beginAnew(), RESTART_MS);
      return;
    }
    // A start that failed may have gone half its way.
    this.#forget();
    this.#isRestarting = false;
    this.start().catch((error: unknown) => this.#suspend(toSkepError(error)));
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
