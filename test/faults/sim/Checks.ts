import type { PackedEvent } from '@skep/protocol';
import type { Change, StoredEvent } from '@skep/store';
import { familyFaults } from './familyFaults.js';
import type { Written } from './Ledger.js';
import type { SimQueen } from './SimQueen.js';
import { turnFaults } from './turnFaults.js';
import type { World } from './World.js';

/** Outcomes of attempts that ended without their drone's word, or whose drone said what could not be taken. */
const withoutWord: ReadonlySet<string> = new Set(['lost']);

/** Everything that must hold whatever goes wrong. What does not is told to the world, which ends the run. */
export class Checks {
  /** Leases that have ended, with the number of events that were there by then. */
  readonly #ended = new Set<number>();
  /** Slots taken at each drone when one last looked. */
  #slots = new Map<string, number>();

  constructor(private readonly world: World) {}

  /** A commit is on the disk. */
  written(changes: readonly Change[]): void {
    const jobs = new Set<string>();
    for (const change of changes) {
      if (change.type === 'events') this.#checkEvents(change.jobId, change.attempt, change.events);
      if (change.type === 'job') jobs.add(change.record.id);
      if (change.type === 'job-state') jobs.add(change.id);
      if (change.type === 'attempt') jobs.add(change.record.jobId);
    }
    for (const id of jobs) this.#checkJob(id);
    for (const fault of turnFaults(this.world.disk.memory)) this.#fail(fault);
    for (const fault of familyFaults(this.world.disk.memory)) this.#fail(fault);
  }

  /** What the queen has in memory, after each step. */
  queen({ coordinator }: SimQueen): void {
    const slots = new Map<string, number>();
    for (const job of coordinator.jobs.values()) {
      const { status, notBefore, droneId } = job.record;
      if (job.family) {
        for (const id of job.family.liveIds) if (!coordinator.jobs.has(id)) this.#fail(`parent ${job.id} waits for ${id}, which is over`);
        continue;
      }
      if (job.attempt) {
        const holder = coordinator.drones.get(job.attempt.record.droneId);
        if (!holder?.attempts.has(job.id)) this.#fail(`job ${job.id} is with drone ${droneId}, which does not hold it`);
      } else if (status !== 'queued') this.#fail(`job ${job.id} is ${status} and has no attempt`);
      else if (notBefore === null && job.pending.size === 0 && coordinator.fleet.why(job.id) === undefined)
        this.#fail(`job ${job.id} waits for nothing`);
    }
    for (const drone of coordinator.drones.values()) {
      for (const id of drone.attempts)
        if (coordinator.jobs.get(id)?.attempt?.record.droneId !== drone.id)
          this.#fail(`drone ${drone.id} holds ${id}, which is not its own`);
      const load = coordinator.fleet.load(drone.id);
      if (!drone.link || !drone.ready) {
        if (load) this.#fail(`drone ${drone.id} is not ready and may be given jobs`);
        continue;
      }
      const { running = -1, capacity = 0 } = load ?? {};
      if (running !== drone.attempts.size) this.#fail(`drone ${drone.id} holds ${drone.attempts.size} attempts in ${running} slots`);
      // What it held when it came back may be more than it has slots for; what it is given never is.
      const before = this.#slots.get(drone.link.linkId);
      if (before !== undefined && running > before && running > capacity)
        this.#fail(`drone ${drone.id} was given more than its ${capacity} slots`);
      slots.set(drone.link.linkId, running);
    }
    this.#slots = slots;
  }

  /** All is over: every job is done, and whole. */
  end(): void {
    const { disk, ledger } = this.world;
    for (const id of ledger.wanted.keys()) {
      const job = disk.memory.jobs.get(id);
      if (!job) this.#fail(`job ${id} is not there`);
      else if (job.record.status !== 'done' || job.record.outcome === null) this.#fail(`job ${id} is ${job.record.status} at the end`);
    }
    for (const { record, events } of [...disk.memory.jobs.values()].flatMap(({ attempts }) => [...attempts.values()])) {
      const name = `attempt ${record.attempt} of ${record.jobId}`;
      if (record.endedAt === null) this.#fail(`${name} has a live lease at the end`);
      if (record.outputState === 'growing') this.#fail(`${name} grows at the end`);
      const own = ledger.written.get(record.lease);
      // A plain drone may end an attempt that it was not given yet with what it says of the one before.
      const written = own ?? this.#earlierPlain(record.jobId);
      if (record.outputState === 'partial') {
        if (record.missing === null) this.#fail(`${name} is partial and does not say what is missing`);
        if (written && !written.isPlain && !withoutWord.has(record.outcome ?? '') && !record.missing?.includes('did not say'))
          this.#fail(`${name} is partial although its drone had its say: ${record.missing}`);
      } else if (!written || (wholeOf(written) !== events.length && !(written.isPlain && (!own || this.#plain(record.jobId).length > 1)))) {
        this.#fail(`${name} is complete with ${events.length} events; ${written?.events.length} were written`);
      }
    }
  }

  #checkEvents(jobId: string, attempt: number, events: readonly StoredEvent[]): void {
    const record = this.world.disk.memory.jobs.get(jobId)?.attempts.get(attempt)?.record;
    const written = this.world.ledger.written.get(record?.lease ?? 0) ?? this.#earlierPlain(jobId);
    if (!record || !written) {
      this.#fail(`events of ${jobId}, attempt ${attempt}, which no drone was given`);
      return;
    }
    if (this.#ended.has(record.lease)) this.#fail(`events of ${jobId} were taken after lease ${record.lease} had ended`);
    for (const event of events) {
      const isRight = written.isPlain ? this.#isSaid(written, event) : isSame(event, written.events[event.seq]);
      if (!isRight)
        this.#fail(
          `event ${event.seq} of ${jobId}, attempt ${attempt}, is ${event.name}; its drone wrote ${written.events[event.seq]?.[1]}`,
        );
      if (!written.isPlain && event.at !== record.grantedAt + (written.events[event.seq]?.[0] ?? 0))
        this.#fail(`event ${event.seq} of ${jobId} has another time`);
    }
  }

  /** A plain drone's events carry no attempt: those of one that it was given before may come in between. */
  #isSaid(written: Written, event: StoredEvent): boolean {
    for (let at = written.compared; at < written.events.length; at++) {
      if (!isSame(event, written.events[at])) continue;
      written.compared = at + 1;
      return true;
    }
    return this.#plain(written.jobId).some(({ events }) => events.some((each) => isSame(event, each)));
  }

  #plain(id: string): Written[] {
    return [...this.world.ledger.written.values()].filter(({ jobId, isPlain }) => isPlain && jobId === id);
  }

  /** An attempt of a plain drone that was given the job again and goes on with what it had, until it hears of that. */
  #earlierPlain(jobId: string): Written | undefined {
    return this.#plain(jobId).at(-1);
  }

  #checkJob(id: string): void {
    const job = this.world.disk.memory.jobs.get(id);
    if (!job) {
      this.#fail(`job ${id} is not there`);
      return;
    }
    let cursor = 0;
    let number = 0;
    for (const { record, events } of job.attempts.values()) {
      number += 1;
      if (record.attempt !== number || record.firstCursor !== cursor)
        this.#fail(`attempt ${record.attempt} of ${id} begins at ${record.firstCursor}, not at ${cursor}`);
      if (record.events !== events.length)
        this.#fail(`attempt ${record.attempt} of ${id} has ${events.length} events and says ${record.events}`);
      if (record.endedAt === null && number < job.attempts.size)
        this.#fail(`attempt ${record.attempt} of ${id} has a live lease beside a later one`);
      if (record.endedAt !== null) this.#ended.add(record.lease);
      cursor += events.length;
    }
    const { status, outcome, attempt, notBefore, cursor: said } = job.record;
    if (said !== cursor) this.#fail(`job ${id} has ${cursor} events and says ${said}`);
    if (attempt !== number) this.#fail(`job ${id} has ${number} attempts and says ${attempt}`);
    if ((status === 'done') !== (outcome !== null)) this.#fail(`job ${id} is ${status} with outcome ${outcome}`);
    if (notBefore !== null && !Number.isInteger(notBefore)) this.#fail(`job ${id} waits until ${notBefore}, which is no whole millisecond`);
    const last = job.attempts.get(number)?.record;
    const isLive = last !== undefined && last.endedAt === null;
    if (job.record.parentOf === null && isLive !== (status === 'assigned' || status === 'running'))
      this.#fail(`job ${id} is ${status}, its lease ${isLive ? 'live' : 'ended'}`);
  }

  #fail(message: string): void {
    this.world.fail(message);
  }
}

/** How many events there are to have: those up to the one that ends the attempt. */
const wholeOf = ({ isPlain, events }: Written): number =>
  isPlain ? events.findIndex(([, name]) => name === 'job:done' || name === 'job:errored') + 1 : events.length;

/** Whether this is what was written. */
function isSame({ name, args, output }: StoredEvent, event: PackedEvent | undefined): boolean {
  if (!event || event[1] !== name) return false;
  const said = event.slice(2);
  if (!output) return JSON.stringify(said) === JSON.stringify(args);
  const text = said.pop();
  return JSON.stringify(said) === JSON.stringify(args) && Buffer.from(output.bytes).toString() === text;
}
