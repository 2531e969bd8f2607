import { AssignedJob, type DroneInfo, type HeldAttempt, issuesOf, type ResumeVerdict, type SkepError } from '@skep/protocol';
import type { Logger } from 'pino';
import type { AbortReason } from '../executor/AttemptContext.js';
import { AttemptForwarder } from './AttemptForwarder.js';
import type { Clock } from './Clock.js';
import { FrameLine } from './FrameLine.js';
import { type Held, keyOf, unwantedBy, verdictsOn } from './Held.js';
import type { Link, LinkListener } from './Link.js';
import type { Run, RunListener } from './Run.js';

/** Milliseconds that the queen may take to say which attempts go on. */
const RESUME_MS = 10_000;

export interface SupervisorOptions {
  readonly link: Link;
  readonly clock: Clock;
  readonly log: Logger;
  readonly info: DroneInfo & { capacity: number };
  /** Makes the run of a job; it begins when it is started. */
  readonly createRun: (job: AssignedJob, listener: RunListener) => Run;
  /** Whether there is room for this job now; if absent, there is. One that has none is handed back. */
  readonly hasRoom?: (job: AssignedJob) => boolean;
  /** The queen knows this drone and its attempts; called after every connect. */
  readonly registered: () => void;
  /** The queen will not have this drone. */
  readonly refused: (error: SkepError) => void;
}

/** More attempts than `drone:resume` can name are not held. */
const MAX_HELD = 10_000;

/** Holds the attempts of a drone: their slots, their leases, and what of them the queen has. It runs no job itself. */
export class Supervisor implements LinkListener {
  readonly #options: SupervisorOptions;
  readonly #line: FrameLine;
  readonly #held = new Map<string, Held>();
  /** Attempts without a slot, in the order in which they came. */
  readonly #waiting: Held[] = [];
  readonly #progressListeners = new Set<() => void>();
  #running = 0;
  #connection = 0;
  #isConnected = false;
  #isDraining = false;
  #noRoom: string | undefined;
  #cancelResume: (() => void) | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#line = new FrameLine(options.link, options.clock);
  }

  /** How many attempts it holds, and how many of them have not ended. */
  get counts(): { held: number; active: number } {
    return { held: this.#held.size, active: this.#running + this.#waiting.length };
  }

  connect(): void {
    this.#options.link.open(this);
  }

  /** Holds an attempt of an earlier supervisor, before the first connect. */
  adopt(attempt: Omit<HeldAttempt, 'cursor'>, createRun: (listener: RunListener) => Run, hasEnded: boolean): void {
    const held = this.#hold(attempt, createRun);
    held.state = hasEnded ? 'ended' : 'running';
    if (!hasEnded) this.#running += 1;
  }

  /** Takes no new jobs from now on; says so to the queen. */
  drain(): void {
    this.#isDraining = true;
    this.infoAsked();
  }

  /** Takes new jobs again, if there is room. */
  resume(): void {
    this.#isDraining = false;
    this.infoAsked();
    this.#progressed();
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** @param why the drone has no room for new jobs; `undefined`: it has */
  setNoRoom(why: string | undefined): void {
    this.#noRoom = why;
    this.infoAsked();
  }

  cancelAll(reason: AbortReason): void {
    for (const held of [...this.#held.values()]) this.#abort(held, reason);
  }

  /** Calls whenever an attempt has ended or has gone. @returns ends that */
  onProgress(call: () => void): () => void {
    this.#progressListeners.add(call);
    return () => this.#progressListeners.delete(call);
  }

  close(): void {
    this.#cancelResume?.();
    this.#isConnected = false;
    this.#line.close();
    this.#options.link.close();
    for (const held of this.#held.values()) held.forwarder.close();
  }

  connected(): void {
    const connection = ++this.#connection;
    const { link, clock, log } = this.#options;
    this.#isConnected = true;
    this.infoAsked();
    const asked = [...this.#held.values()];
    const attempts = asked.map(({ id, attempt, lease, run }) => ({ id, attempt, lease, cursor: run.spool.count() }));
    this.#cancelResume = clock.setTimeout(() => link.drop('no answer to drone:resume in time'), RESUME_MS);
    link.resume(attempts, (raw) => {
      if (connection !== this.#connection || !this.#isConnected) return;
      this.#cancelResume?.();
      const verdicts = verdictsOn(asked, raw);
      if (!verdicts) {
        log.error({ answer: raw }, 'the queen answered drone:resume with something else');
        return link.drop('no verdicts');
      }
      this.#line.open();
      for (const [held, verdict] of verdicts) this.#judged(held, verdict);
      for (const { forwarder } of this.#held.values()) forwarder.wake();
      this.#options.registered();
    });
  }

  disconnected(why: string): void {
    if (this.#isConnected) this.#options.log.warn({ why }, 'the queen is gone; trying again');
    this.#isConnected = false;
    this.#cancelResume?.();
    this.#line.close();
    for (const { forwarder } of this.#held.values()) forwarder.disconnected();
  }

  infoAsked(): void {
    const { link, info } = this.#options;
    if (!this.#isConnected) return;
    const draining = this.#isDraining || this.#noRoom !== undefined;
    link.info({ ...info, ...(draining && { draining }), ...(this.#noRoom !== undefined && { reason: this.#noRoom }) });
  }

  assigned(raw: unknown): void {
    const parsed = AssignedJob.safeParse(raw);
    if (!parsed.success) {
      this.#options.log.error({ issues: issuesOf(parsed.error) }, 'the queen sent a job that is none');
      return;
    }
    const job = parsed.data;
    if (this.#held.has(keyOf(job.id, job.attempt))) return;
    const { createRun, hasRoom = () => true, link, log } = this.#options;
    if (this.#held.size >= MAX_HELD || !hasRoom(job)) {
      // What has not begun and a drone does not name when it comes back, the queen gives to another.
      log.warn({ id: job.id, attempt: job.attempt, why: this.#noRoom }, 'a job is handed back: there is no room for it');
      link.drop('a job is handed back');
      return;
    }
    const held = this.#hold(job, (listener) => createRun(job, listener));
    // Assigned on this very connection: the queen has nothing of it.
    held.forwarder.resumed(0);
    if (this.#running < this.#options.info.capacity) this.#start(held);
    else this.#waiting.push(held);
  }

  cancelled(id: unknown, reason: unknown): void {
    const message = typeof reason === 'string' && reason !== '' ? reason.slice(0, 1000) : 'The job was cancelled';
    for (const held of [...this.#held.values()]) if (held.id === id) this.#abort(held, { code: 'cancelled', message });
  }

  invalid(event: unknown, error: unknown): void {
    this.#options.log.error({ event, error }, 'the queen did not take what this drone said');
  }

  refused(error: SkepError): void {
    // What runs here may be running elsewhere: the queen speaks to the other drone of our name now.
    if (error.code === 'DRONE_REPLACED') this.cancelAll({ code: 'lease-ended', message: error.message });
    this.#options.refused(error);
  }

  #hold({ id, attempt, lease }: Omit<HeldAttempt, 'cursor'>, createRun: (listener: RunListener) => Run): Held {
    const run = createRun({
      grown: () => held.forwarder.wake(),
      ended: () => this.#ended(held),
      broken: () => this.#broken(held),
    });
    const forwarder = new AttemptForwarder({ id, attempt, lease }, run.spool, this.#line, this.#options.clock, {
      confirmed: () => this.#let(held),
      leaseEnded: (why) => this.#unwanted(held, why),
      refused: (error, retryMs) => this.#options.log.warn({ id, attempt, error, retryMs }, 'the queen did not take a frame'),
    });
    const held: Held = { id, attempt, lease, run, forwarder, state: 'waiting', isUnwanted: false };
    this.#held.set(keyOf(id, attempt), held);
    return held;
  }

  #judged(held: Held, verdict: ResumeVerdict): void {
    if (!this.#held.has(keyOf(held.id, held.attempt)) || held.isUnwanted) return;
    const why = unwantedBy(verdict, held);
    if (why !== undefined) this.#unwanted(held, why);
    else if (verdict.action === 'continue') held.forwarder.resumed(verdict.cursor);
  }

  #start(held: Held): void {
    held.state = 'running';
    this.#running += 1;
    held.run.start();
  }

  #abort(held: Held, reason: AbortReason): void {
    if (held.state !== 'ended') held.run.abort(reason);
  }

  #unwanted(held: Held, why: string): void {
    this.#options.log.warn({ id: held.id, attempt: held.attempt, why }, 'the queen wants nothing more of an attempt');
    held.isUnwanted = true;
    held.forwarder.close();
    if (held.state === 'ended') this.#let(held);
    else this.#abort(held, { code: 'lease-ended', message: why });
  }

  #ended(held: Held): void {
    if (held.state === 'ended') return;
    if (held.state === 'running') this.#running -= 1;
    else this.#waiting.splice(this.#waiting.indexOf(held), 1);
    held.state = 'ended';
    if (held.isUnwanted) this.#let(held);
    else held.forwarder.wake();
    const next = this.#running < this.#options.info.capacity ? this.#waiting.shift() : undefined;
    if (next) this.#start(next);
    this.#progressed();
  }

  /** The queen shall not wait for an end that never comes: what a drone does not name when it comes back is lost. */
  #broken(held: Held): void {
    held.isUnwanted = true;
    this.#ended(held);
    this.#options.link.drop('an attempt is lost');
  }

  #let(held: Held): void {
    held.forwarder.close();
    held.run.spool.drop();
    this.#held.delete(keyOf(held.id, held.attempt));
    this.#progressed();
  }

  #progressed(): void {
    for (const call of this.#progressListeners) call();
  }
}
