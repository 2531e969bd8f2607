import { Limits } from '@skep/protocol';
import { type Change, createMemoryStore, type Store } from '@skep/store';
import { pino } from 'pino';
import { Coordinator } from '../../src/coordinator/Coordinator.js';
import type { Announcer, DroneLink } from '../../src/ports.js';
import { createSeals } from '../../src/seals.js';
import { createTickets } from '../../src/tickets.js';

/** A store whose commits wait until they are let through, or fail. */
export class HeldStore {
  readonly store: Store;
  isHeld = false;
  #waiting: (() => void)[] = [];
  #failure: unknown;

  constructor() {
    const memory = createMemoryStore();
    this.store = new Proxy(memory, {
      get: (_, name: keyof Store) =>
        name === 'commit'
          ? (changes: Change[], series?: number) => this.#commit(memory, structuredClone(changes), series)
          : memory[name].bind(memory),
    });
  }

  release(): void {
    this.isHeld = false;
    for (const go of this.#waiting.splice(0)) go();
  }

  /** What waits, and all that comes, fails until it is called without an error. */
  failWith(error?: unknown): void {
    this.#failure = error;
    this.release();
  }

  async #commit(memory: Store, changes: Change[], series: number | undefined): Promise<void> {
    if (this.isHeld) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#failure !== undefined) throw this.#failure;
    await memory.commit(changes, series);
  }
}

/** A clock that goes on when it is told to. */
export class HandClock {
  #now = 1_790_000_000_000;
  readonly #timers = new Set<{ at: number; call: () => void }>();
  readonly now = (): number => this.#now;
  readonly setTimer = (call: () => void, afterMs: number): (() => void) => {
    const timer = { at: this.#now + afterMs, call };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** Sets the clock on the wall, of which timers take no notice. */
  set(byMs: number): void {
    this.#now += byMs;
    for (const timer of this.#timers) timer.at += byMs;
  }

  pass(ms: number): void {
    this.#now += ms;
    for (const timer of [...this.#timers]) {
      if (timer.at > this.#now) continue;
      this.#timers.delete(timer);
      timer.call();
    }
  }
}

/** Everything that was announced, by name. */
export type Said = [name: keyof Announcer, ...args: unknown[]];

/** A coordinator on a store and a clock in the hands of the test; those of another, and it is the next one after a restart. */
export async function aCoordinator(held = new HeldStore(), clock = new HandClock()) {
  const said: Said[] = [];
  const announcer = new Proxy({} as Announcer, {
    get:
      (_, name: keyof Announcer) =>
      (...args: unknown[]) =>
        said.push([name, ...args]),
  });
  const nothing = (): undefined => undefined;
  const coordinator = new Coordinator({
    store: held.store,
    announcer,
    clock,
    log: pino({ level: 'silent' }),
    meter: { jobDone: nothing, eventsStored: nothing, committed: nothing },
    limits: Limits.parse({}),
    lostAfterMs: 60_000,
    tickets: createTickets(createSeals(Buffer.alloc(32))),
    random: () => 0.123456789,
  });
  await coordinator.start();
  return { coordinator, held, clock, said };
}

let links = 0;

/** A connection of a packed drone that has said what it is and that it holds nothing. */
export async function aDrone(coordinator: Coordinator, droneId = 'drone'): Promise<DroneLink> {
  links += 1;
  const link = { droneId, linkId: `link-${links}`, lasting: true, packed: true };
  coordinator.droneInfo(link, { id: droneId, speed: 1, capacity: 1 });
  await coordinator.droneResumes(link, []);
  return link;
}

/** Whether a promise is settled by now. */
export async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  await new Promise(setImmediate);
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}
