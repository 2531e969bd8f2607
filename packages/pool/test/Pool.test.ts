import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Failing, type Member, Pool } from '../src/index.js';

/** A clock that stands still until it is told to go on. */
class Clock {
  now = 0;
  readonly #timers = new Set<{ at: number; call: () => void }>();

  after = (call: () => void, ms: number): (() => void) => {
    const timer = { at: this.now + ms, call };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  async pass(ms: number): Promise<void> {
    const until = this.now + ms;
    for (;;) {
      await turn();
      const [next] = [...this.#timers].sort((a, b) => a.at - b.at);
      if (!next || next.at > until) break;
      this.#timers.delete(next);
      this.now = next.at;
      next.call();
    }
    this.now = until;
  }
}

/** A member that is nothing but what the pool sees of it. */
class Part implements Member {
  readonly use = 'serving';
  readonly hasServed = false;
  worn: string | undefined;
  readonly #bornAt: number;

  constructor(readonly herd: Herd) {
    this.#bornAt = herd.clock.now;
    herd.alive.add(this);
  }

  get ageMs(): number {
    return this.herd.clock.now - this.#bornAt;
  }

  async leave(): Promise<void> {
    this.herd.asked(this);
    await new Promise<void>((resolve) => this.herd.clock.after(resolve, 700));
    this.herd.alive.delete(this);
  }
}

/** A pool on a clock of its own, which looks at every step whether the pool keeps its word. */
class Herd {
  readonly clock = new Clock();
  readonly alive = new Set<Part>();
  wanted = 3;
  fails = false;
  startingMost = 0;
  resized = false;
  waits: Failing[] = [];
  broken: string[] = [];
  #starting = 0;
  readonly pool = new Pool<Part>({
    kind: { start: () => this.#start(), wanted: () => this.wanted },
    tendMs: 1000,
    after: this.clock.after,
    listener: {
      joined: () => this.#look(),
      replaced: () => {},
      didNotStart: () => {},
      failing: (failing) => this.waits.push(failing),
      isHopeless: () => {},
    },
  });

  asked(part: Part): void {
    const others = [...this.pool.members].filter((each) => each !== part).length;
    if (this.pool.isOpen && others < this.wanted)
      this.broken.push(`asked one to leave while ${others} of ${this.wanted} others were there`);
  }

  kill(index: number): void {
    const part = [...this.pool.members][index % Math.max(1, this.pool.members.size)];
    if (!part) return;
    this.alive.delete(part);
    this.pool.died(part, 'killed');
  }

  async #start(): Promise<Part> {
    this.#starting += 1;
    this.startingMost = Math.max(this.startingMost, this.#starting);
    await new Promise<void>((resolve) => this.clock.after(resolve, 300));
    this.#starting -= 1;
    if (this.fails) throw new Error('broken');
    return new Part(this);
  }

  #look(): void {
    const { size } = this.pool.members;
    if (size > this.wanted + 1 && !this.resized) this.broken.push(`${size} of ${this.wanted}`);
  }
}

const step = fc.oneof(
  fc.record({ do: fc.constant('pass' as const), value: fc.integer({ min: 1, max: 20_000 }) }),
  fc.record({ do: fc.constant('resize' as const), value: fc.integer({ min: 0, max: 5 }) }),
  fc.record({ do: fc.constantFrom('die', 'wear', 'recycle', 'drain', 'resume', 'break', 'mend'), value: fc.nat(9) }),
);

test('whatever happens, nobody is asked to leave before another is there, and in the end all are there and fresh', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const herd = new Herd();
      const { pool } = herd;
      pool.fill();
      for (const { do: what, value } of steps) {
        if (what === 'pass') await herd.clock.pass(value);
        else if (what === 'resize') {
          herd.wanted = value;
          herd.resized = true;
          void pool.fit();
        } else if (what === 'die') herd.kill(value);
        else if (what === 'wear') for (const part of [...pool.members].slice(0, value)) part.worn = 'used';
        else if (what === 'recycle') void pool.recycle();
        else if (what === 'drain') void pool.drain();
        else if (what === 'resume') void pool.resume();
        else herd.fails = what === 'break';
        await turn();
      }
      herd.fails = false;
      void pool.resume();
      await herd.clock.pass(300_000);
      const old = [...pool.members];
      const recycled = pool.recycle();
      await herd.clock.pass(60_000);
      await recycled;
      expect(herd.broken).toEqual([]);
      expect([pool.members.size, herd.alive.size]).toEqual([herd.wanted, herd.wanted]);
      expect(old.filter((part) => herd.alive.has(part))).toEqual([]);
      const drained = pool.drain();
      await herd.clock.pass(10_000);
      await drained;
      expect(herd.alive.size).toBe(0);
    }),
    { numRuns: 200 },
  );
});

test('those that cannot live are started less and less often, and one at a time', async () => {
  const herd = new Herd();
  herd.fails = true;
  herd.wanted = 50;
  const full = herd.pool.fit().catch((error: Error) => error);
  await herd.clock.pass(300);
  herd.startingMost = 0;
  await herd.clock.pass(120_000);
  expect(herd.waits.map(({ retryMs }) => retryMs)).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000, 30_000]);
  expect(herd.startingMost).toBe(1);
  expect(await full).toMatchObject({ code: 'WORKERS_DIE' });
  herd.fails = false;
  await herd.clock.pass(120_000);
  expect(herd.pool.members.size).toBe(50);
});

test('those that were starting when all were to be fresh are replaced too', async () => {
  const herd = new Herd();
  herd.pool.fill();
  const recycled = herd.pool.recycle();
  await herd.clock.pass(300);
  const old = [...herd.pool.members];
  expect(old).toHaveLength(3);
  await herd.clock.pass(10_000);
  await recycled;
  expect(old.some((part) => herd.alive.has(part))).toBe(false);
  expect(herd.alive.size).toBe(3);
});
