import type { AssignedJob, DroneInfo } from '@skep/protocol';
import type { AbortReason } from '../../../packages/drone/src/executor/AttemptContext.js';
import type { Clock } from '../../../packages/drone/src/supervisor/Clock.js';
import type { Run, RunListener } from '../../../packages/drone/src/supervisor/Run.js';
import { Supervisor, type SupervisorOptions } from '../../../packages/drone/src/supervisor/Supervisor.js';
import { Executor } from './Executor.js';
import { SimLink } from './SimLink.js';
import { LogSpool, SpoolLog } from './SpoolLog.js';
import type { World } from './World.js';

export type Info = DroneInfo & { id: string; capacity: number };

/** An attempt as it rests on the machine. */
interface Kept {
  readonly log: SpoolLog;
  executor: Executor | undefined;
  /** The supervisor's hold on it; undefined while there is no supervisor. */
  listener: RunListener | undefined;
}

const diedWithSupervisor: AbortReason = { code: 'executor-died', message: 'The executor and its supervisor ended' };

/** A machine with a drone of ours: the real supervisor; executors and a disk that outlive it. */
export class PackedDrone {
  readonly #kept = new Map<string, Kept>();
  #supervisor: Supervisor | undefined;
  #link: SimLink | undefined;
  #sessions = 0;

  constructor(
    private readonly world: World,
    readonly info: Info,
  ) {}

  get id(): string {
    return this.info.id;
  }

  get isUp(): boolean {
    return this.#supervisor !== undefined;
  }

  /** Whether nothing of any attempt is left here. */
  get isEmpty(): boolean {
    return this.#kept.size === 0;
  }

  /** Whether it is connected by a line that works. */
  get isConnected(): boolean {
    return this.#link?.isConnected === true;
  }

  /** Starts the supervisor, which takes over what an earlier one left. */
  start(): void {
    if (this.#supervisor) return;
    const { world, info } = this;
    world.trace.note(this.id, 'starts');
    this.#sessions += 1;
    const link = new SimLink(world, this.id, `${this.id}-${this.#sessions}`);
    const supervisor: Supervisor = new Supervisor({
      link,
      clock: this.#clock(() => this.#supervisor === supervisor),
      log: world.logOf(this.id) as unknown as SupervisorOptions['log'],
      info,
      createRun: (job, listener) => this.#createRun(job, listener),
      registered: () => undefined,
      refused: (error) => world.fail(`drone ${this.id} was refused: ${error.message}`),
    });
    this.#supervisor = supervisor;
    this.#link = link;
    this.#adopt(supervisor);
    supervisor.connect();
  }

  /** kill -9 of the supervisor; executors build on. */
  killSupervisor(): void {
    this.world.trace.note(this.id, 'is killed');
    this.#supervisor = undefined;
    this.#link?.kill();
    for (const kept of this.#kept.values()) kept.listener = undefined;
  }

  /** The machine goes down: its disk is all that stays. */
  crash(): void {
    this.killSupervisor();
    for (const kept of this.#kept.values()) {
      kept.executor?.kill();
      kept.executor = undefined;
    }
  }

  /** One of its executors dies in the middle of an attempt. */
  killExecutor(): void {
    const running = [...this.#kept.values()].filter(({ executor }) => executor);
    if (running.length === 0) return;
    const kept = this.world.chance.pick(running);
    this.world.trace.note(this.id, 'loses the executor of', kept.log.header.id);
    kept.executor?.kill();
    kept.executor = undefined;
    if (this.#supervisor) this.#close(kept, { code: 'executor-died', message: 'The executor ended by chance' });
  }

  /** Takes no new jobs from now on. */
  drain(): void {
    this.#supervisor?.drain();
  }

  /** Takes its leave as soon as all of it is confirmed. */
  leave(): void {
    const supervisor = this.#supervisor;
    if (!supervisor) return;
    this.world.trace.note(this.id, 'is about to leave');
    supervisor.drain();
    const check = (): void => {
      if (this.#supervisor !== supervisor || supervisor.counts.held > 0) return;
      this.world.trace.note(this.id, 'leaves');
      this.#supervisor = undefined;
      supervisor.close();
    };
    supervisor.onProgress(check);
    check();
  }

  /** Time of this machine; nothing of it reaches a supervisor that was killed. */
  #clock(isAlive: () => boolean): Clock {
    const { time } = this.world;
    const timer = (call: () => void, ms: number) =>
      time.after(ms, () => {
        if (isAlive()) call();
      });
    return { now: () => time.now + 1000, setTimeout: timer, soon: (call) => void timer(call, 0) };
  }

  #createRun(job: AssignedJob, listener: RunListener): Run {
    const { world } = this;
    const log = new SpoolLog(job, world.time.now);
    const { id, attempt, lease } = job;
    world.ledger.begin({ jobId: id, attempt, lease, droneId: this.id, isPlain: false, events: log.events });
    const kept: Kept = { log, executor: undefined, listener };
    this.#kept.set(`${id} ${attempt}`, kept);
    log.append(0, { name: 'job:queued', args: [job.assigned] });
    return this.#runOf(kept, job);
  }

  #runOf(kept: Kept, job?: AssignedJob): Run {
    const { log } = kept;
    const spool = new LogSpool(log, () => this.#kept.delete(`${log.header.id} ${log.header.attempt}`));
    let isAborted = false;
    return {
      spool,
      start: () => {
        if (job && !isAborted) kept.executor = this.#execute(kept, job);
      },
      abort: (reason) => {
        isAborted = true;
        if (kept.executor) kept.executor.abort(reason);
        else this.world.time.after(1, () => this.#close(kept, reason));
      },
    };
  }

  #execute(kept: Kept, job: AssignedJob): Executor {
    const { time, chance } = this.world;
    return new Executor(job, time, chance, () => this.#queenNow(kept), {
      said: (event) => {
        kept.log.append(time.now - kept.log.receivedAt, event);
        kept.listener?.grown();
      },
      ended: () => {
        kept.executor = undefined;
        kept.log.close();
        kept.listener?.ended();
      },
    });
  }

  /** Ends the log of an attempt that nobody runs. */
  #close(kept: Kept, reason: AbortReason): void {
    if (kept.executor) return;
    if (!kept.log.end) {
      const offsetMs = this.world.time.now - kept.log.receivedAt;
      kept.log.append(offsetMs, { name: 'job:errored', args: [{ ...reason }, this.#queenNow(kept)] });
      kept.log.append(offsetMs, { name: 'job:done', args: [this.#queenNow(kept)] });
      kept.log.close();
    }
    kept.listener?.ended();
  }

  /** What BuildRuns does at its start. */
  #adopt(supervisor: Supervisor): void {
    for (const [key, kept] of [...this.#kept]) {
      const { log } = kept;
      if (!log.end && !kept.executor) {
        if (log.events.length <= 1) {
          this.#kept.delete(key);
          continue;
        }
        this.#close(kept, diedWithSupervisor);
      }
      const { id, attempt, lease } = log.header;
      supervisor.adopt(
        { id, attempt, lease },
        (listener) => {
          kept.listener = listener;
          return this.#runOf(kept);
        },
        log.end !== undefined,
      );
    }
  }

  #queenNow({ log }: Kept): number {
    return log.header.assigned + Math.floor(this.world.time.now - log.receivedAt);
  }
}
