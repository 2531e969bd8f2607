import { type DroneGreeting, type DroneSummary, type JobSummary, Limits, type Platform, toSkepError } from '@skep/protocol';
import type { EventRun } from '@skep/store';
import { Coordinator, type CoordinatorOptions } from '../../../packages/queen/src/coordinator/Coordinator.js';
import { checkGreeting, type DroneSession, DroneSessions } from '../../../packages/queen/src/gateway/DroneSessions.js';
import { Hub } from '../../../packages/queen/src/gateway/Hub.js';
import { hearMany, togetherTo } from '../../../packages/queen/src/gateway/many.js';
import { Recent } from '../../../packages/queen/src/gateway/Recent.js';
import type { Announcer } from '../../../packages/queen/src/ports.js';
import type { Line } from './Line.js';
import { SimStore } from './SimStore.js';
import type { World } from './World.js';

/** How often silent plain drones are looked for, and how long they may be silent, in ms. */
const SWEEP_MS = 15_000;
const SILENCE_MS = 60_000;

const noMeter = { jobDone: () => undefined, eventsStored: () => undefined, committed: () => undefined };

/** One life of a queen, from its start to its death: the coordinator, and the gateway's logic on simulated lines. */
export class SimQueen implements Announcer {
  readonly coordinator: Coordinator;
  readonly store: SimStore;
  readonly hub = new Hub();
  readonly recent: Recent;
  /** Whether it takes connections. */
  isListening = false;
  isAlive = true;
  /** Whether it decides: not while it begins anew from the store. */
  isReady = false;
  readonly #world: World;
  readonly #sessions: DroneSessions;
  readonly #open = new Map<string, { line: Line; session: DroneSession }>();
  readonly #joined = new Set<string>();
  readonly #done = new Set<string>();
  readonly #onDeath = new Set<() => void>();

  constructor(world: World) {
    this.#world = world;
    const { time } = world;
    this.recent = new Recent(() => time.now);
    this.store = new SimStore(world.disk, time);
    const clock = {
      now: world.queenNow,
      setTimer: (call: () => void, ms: number) =>
        time.after(ms, () => {
          if (this.isAlive) call();
        }),
    };
    this.coordinator = new Coordinator({
      store: this.store,
      announcer: this,
      clock,
      log: this.#log() as unknown as CoordinatorOptions['log'],
      meter: noMeter,
      limits: Limits.parse({}),
      lostAfterMs: world.lostAfterMs,
      tickets: { of: ({ id, attempt, lease }) => `${id} ${attempt} ${lease}` },
      random: world.chance.next,
    });
    this.#sessions = new DroneSessions({ ear: this.coordinator, clock, silenceMs: SILENCE_MS });
  }

  async start(): Promise<void> {
    await this.coordinator.start();
    if (!this.isAlive) return;
    this.isListening = true;
    this.#sweep();
  }

  /** Killed: all that it had in memory is gone, and its peers notice. */
  crash(): void {
    this.store.kill();
    this.#die();
    for (const { line } of [...this.#open.values()]) line.cut('the queen was killed');
  }

  /** Leaves in good order. */
  async stop(): Promise<void> {
    this.coordinator.stop();
    for (const { line } of [...this.#open.values()]) line.close('queen', 'the queen leaves');
    await this.store.close();
    this.#die();
  }

  /** Calls when this life is over. */
  onDeath(call: () => void): void {
    this.#onDeath.add(call);
  }

  /** A drone's line has reached it. @throws {SkepError} if its greeting is not understood */
  welcome(line: Line, greeting: unknown): void {
    checkGreeting(greeting);
    const peer = {
      id: line.id,
      emit: (event: string, ...args: unknown[]) => line.send('queen', event, args),
      disconnect: () => line.close('queen', 'io server disconnect'),
      conn: { close: () => line.close('queen', 'transport close') },
    };
    // A packed drone takes what it is told in one turn together, and says so as it comes.
    const isPacked = (greeting as DroneGreeting).protocol !== undefined;
    const session = this.#sessions.open(isPacked ? togetherTo(peer, (call) => this.#world.soon(call)) : peer, greeting);
    this.#open.set(line.id, { line, session });
    line.attach('queen', {
      hear: (name, args, answer) => {
        if (!this.isAlive) return;
        this.#sessions.heard(session);
        if (name === 'many') hearMany(args, answer, (each, rest, ack = () => undefined) => this.#hear(line, session, each, rest, ack));
        else this.#hear(line, session, name, args, answer);
      },
      gone: (_, clean) => {
        this.#open.delete(line.id);
        if (this.isAlive) this.#sessions.close(session, clean);
      },
    });
  }

  tellDrone(droneId: string, message: 'queue:new' | 'job:cancel', ...args: unknown[]): void {
    this.#world.trace.note('queen ->', droneId, message, (args[0] as { id?: string }).id ?? args[0]);
    this.#sessions.tell(droneId, message, args);
  }

  dropDrone(droneId: string, linkId: string): void {
    this.#world.trace.note('queen drops', droneId, linkId);
    this.#sessions.drop(droneId, linkId);
  }

  eventsAdded(jobId: string, run: EventRun): void {
    this.recent.heard(jobId, run);
    this.hub.tell(jobId, { run });
  }

  jobChanged(summary: JobSummary): void {
    this.recent.changed(summary);
    this.hub.tell(summary.id, { summary });
  }

  jobNotice(): void {}

  jobDone({ id, outcome }: JobSummary): void {
    this.#world.trace.note('queen: done', id, outcome);
    if (this.#done.has(id)) this.#world.fail(`job:done was said twice of ${id}`);
    this.#done.add(id);
  }

  droneJoined({ id }: DroneSummary): void {
    if (this.#joined.has(id)) this.#world.fail(`drone:joined was said twice of ${id}`);
    this.#joined.add(id);
  }

  droneChanged({ id }: DroneSummary): void {
    this.#world.trace.note('queen: changed', id);
  }

  droneDied(droneId: string): void {
    if (!this.#joined.delete(droneId)) this.#world.fail(`drone:died was said of ${droneId}, which had not joined`);
  }

  droneForgotten(droneId: string): void {
    this.#world.fail(`drone ${droneId} was forgotten, and nobody asked for it`);
  }

  scheduleChanged(): void {
    this.#world.fail('a schedule has changed, and there is none');
  }

  scheduleRemoved(name: string): void {
    this.#world.fail(`schedule ${name} was removed, and there was none`);
  }

  platformChanged({ name, dropped }: Platform): void {
    this.#world.trace.note('queen: platform', name, dropped ? 'is dropped' : 'is restored');
  }

  #log(): ReturnType<World['logOf']> {
    const log = this.#world.logOf('queen');
    return {
      ...log,
      error: (...words) => {
        this.isReady = false;
        log.error(...words);
      },
      info: (...words) => {
        this.isReady = words.includes('recovered');
        log.info(...words);
      },
    };
  }

  #die(): void {
    this.isAlive = false;
    this.isListening = false;
    for (const call of this.#onDeath) call();
  }

  /** What `listen` does on a socket. */
  #hear(line: Line, session: DroneSession, name: string, args: unknown[], answer: (answer: unknown) => void): void {
    const refuse = (thrown: unknown): void => {
      const error = toSkepError(thrown);
      this.#world.trace.note('queen refuses', session.link?.droneId, name, error.code, error.message);
      if (error.code === 'INTERNAL') this.#world.fail(`${name} failed: ${(error.cause as Error | undefined)?.stack ?? error.message}`);
      if (name === 'job:events' || name === 'drone:resume') answer({ error: error.toBody() });
      else line.send('queen', 'error:invalid', [name, error.toBody()]);
    };
    try {
      const answered = this.#sessions.handle(session, name, args);
      if (answered instanceof Promise) answered.then(answer, refuse);
      else answer(answered);
    } catch (thrown) {
      refuse(thrown);
    }
  }

  #sweep(): void {
    this.#world.time.after(SWEEP_MS, () => {
      if (!this.isAlive) return;
      // Whoever is there has answered the pings of the last seconds.
      for (const { line, session } of this.#open.values()) if (!line.isHeld) this.#sessions.heard(session);
      this.#sessions.endSilent();
      this.#sweep();
    });
  }
}
