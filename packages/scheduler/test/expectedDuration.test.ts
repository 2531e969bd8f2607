import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { expectedDuration, type PastRun, spreadOf } from '@skep/scheduler';
import fc from 'fast-check';

const aRun = (durationMs: number, speed = 100, droneId = `drone-${speed}`): PastRun => ({ durationMs, droneId, speed });
const runs = fc.array(
  fc.record({
    durationMs: fc.integer({ min: 0, max: 10_000_000 }),
    droneId: fc.constantFrom('a', 'b'),
    speed: fc.integer({ min: 1, max: 500 }),
  }),
  { maxLength: 40 },
);
const drone = fc.option(fc.record({ id: fc.constantFrom('a', 'b', 'c'), speed: fc.integer({ min: 1, max: 500 }) }), { nil: undefined });

describe('what is expected of a run', () => {
  test('is in order, whatever came before, and never below what has gone by', () => {
    fc.assert(
      fc.property(runs, drone, fc.integer({ min: 0, max: 10_000_000 }), (past, on, elapsedMs) => {
        const expected = expectedDuration(past, on, elapsedMs);
        if (!expected) return;
        expect(expected.low).toBeLessThanOrEqual(expected.likely);
        expect(expected.likely).toBeLessThanOrEqual(expected.high);
        // A time that was scaled is rounded.
        expect(expected.low).toBeGreaterThanOrEqual(elapsedMs);
        expect(expected.runs).toBeGreaterThanOrEqual(3);
      }),
    );
  });

  test('is unknown with fewer than three runs, and known with three', () => {
    const on = { id: 'drone-100', speed: 100 };
    expect(expectedDuration([], on)).toBeUndefined();
    expect(expectedDuration([aRun(5), aRun(6)], on)).toBeUndefined();
    expect(expectedDuration([aRun(5), aRun(9), aRun(6)], on)).toEqual({ runs: 3, low: 5, likely: 6, high: 9 });
  });

  test('rests on the drone itself where that has runs enough, whatever others took', () => {
    const past = [aRun(10), aRun(900, 1), aRun(12), aRun(900, 1), aRun(11), aRun(900, 1)];
    expect(expectedDuration(past, { id: 'drone-100', speed: 100 })).toEqual({ runs: 3, low: 10, likely: 11, high: 12 });
  });

  test('follows the speed where the past did', () => {
    const past = [aRun(1000, 100), aRun(505, 200), aRun(990, 100), aRun(500, 200), aRun(1010, 100), aRun(495, 200)];
    const expected = expectedDuration(past, { id: 'new', speed: 400 });
    expect(expected?.low).toBeGreaterThan(240);
    expect(expected?.high).toBeLessThan(260);
  });

  test('does not follow the speed where the past did not', () => {
    const past = [aRun(1000, 100), aRun(1005, 200), aRun(990, 100), aRun(1001, 200), aRun(1010, 100), aRun(995, 200)];
    const expected = expectedDuration(past, { id: 'new', speed: 400 });
    expect(expected?.low).toBeGreaterThan(980);
    expect(expected?.high).toBeLessThan(1020);
  });

  test('allows for both where the past cannot tell', () => {
    const past = [aRun(1000), aRun(1010), aRun(990)];
    expect(expectedDuration(past, { id: 'new', speed: 400 })).toEqual({ runs: 3, low: 248, likely: 500, high: 1010 });
  });

  test('rests on the newest twenty', () => {
    const past = [...Array.from({ length: 20 }, () => aRun(50)), ...Array.from({ length: 20 }, () => aRun(9000))];
    expect(expectedDuration(past, { id: 'drone-100', speed: 100 })).toEqual({ runs: 20, low: 50, likely: 50, high: 50 });
  });

  test('of one that runs follows the runs that took longer, and is unknown when it has outlasted nine in ten', () => {
    const past = Array.from({ length: 20 }, (_, n) => aRun(100 * (n + 1)));
    const on = { id: 'drone-100', speed: 100 };
    expect(expectedDuration(past, on, 0)).toEqual({ runs: 20, low: 200, likely: 1050, high: 1900 });
    expect(expectedDuration(past, on, 1000)).toEqual({ runs: 20, low: 1100, likely: 1550, high: 2000 });
    expect(expectedDuration(past, on, 1850)).toEqual({ runs: 20, low: 1900, likely: 1950, high: 2000 });
    expect(expectedDuration(past, on, 1900)).toBeUndefined();
  });
});

test('the spread of any values lies within them, and follows their scale', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1 }), fc.integer({ min: 1, max: 50 }), (values, times) => {
      const { low, likely, high } = spreadOf(values);
      expect(low).toBeGreaterThanOrEqual(Math.min(...values));
      expect(high).toBeLessThanOrEqual(Math.max(...values));
      const scaled = spreadOf(values.map((value) => value * times));
      expect(scaled).toEqual({ low: low * times, likely: likely * times, high: high * times });
    }),
  );
});

/** Of the runs of a history, each foretold from those before it alone: how many came to lie within the spread. */
function heldOut(history: readonly PastRun[], from: number): { foretold: number; within: number } {
  let [foretold, within] = [0, 0];
  for (let n = from; n < history.length; n++) {
    const { droneId, speed, durationMs } = history[n] as PastRun;
    const expected = expectedDuration(history.slice(0, n).reverse(), { id: droneId, speed });
    if (!expected) continue;
    foretold += 1;
    if (durationMs >= expected.low && durationMs <= expected.high) within += 1;
  }
  return { foretold, within };
}

/** Milliseconds that real builds took, oldest first, on a machine of two cores that other work kept more or less busy. */
const recorded = JSON.parse(readFileSync(new URL('./fixtures/histories.json', import.meta.url), 'utf8')) as Record<string, number[]>;

test.each([
  // Of three to eight runs the least and the greatest hold (n - 1) / (n + 1) of what comes next, so 64 % of these in all.
  ['those of which little is known', 3, 9, 0.5],
  ['those of which enough is known', 9, 100, 0.7],
])('the runs of recorded builds lie within what was foretold of each before it began: %s', (_, from, to, least) => {
  const all = Object.values(recorded).map((times) =>
    heldOut(
      times.slice(0, to).map((time) => aRun(time)),
      from,
    ),
  );
  const foretold = all.reduce((sum, each) => sum + each.foretold, 0);
  const within = all.reduce((sum, each) => sum + each.within, 0);
  expect(foretold).toBeGreaterThanOrEqual(30);
  expect(within / foretold).toBeGreaterThan(least);
  // A spread so wide that it always holds would be worth nothing.
  expect(within / foretold).toBeLessThan(0.95);
});

test('the spread of recorded builds is no wider than they are', () => {
  for (const times of Object.values(recorded)) {
    const expected = expectedDuration(times.map((time) => aRun(time)).reverse(), { id: 'drone-100', speed: 100 });
    const newest = times.slice(-20);
    expect(expected?.low).toBeGreaterThanOrEqual(Math.min(...newest));
    expect(expected?.high).toBeLessThanOrEqual(Math.max(...newest));
  }
});

describe('held out runs of a job', () => {
  // The same numbers every time, so that a test that passes once passes always.
  let seed = 7;
  const next = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return (seed + 0.5) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
  const history = (timeOf: (n: number) => { ms: number; speed: number }): PastRun[] =>
    Array.from({ length: 300 }, (_, n) => {
      const { ms, speed } = timeOf(n);
      return aRun(Math.round(ms * Math.exp(0.15 * normal())), speed, `drone-${speed}`);
    });
  const speeds = [80, 100, 100, 160, 240];

  test.each<[string, PastRun[], number]>([
    ['that is the same every time', history(() => ({ ms: 60_000, speed: 100 })), 0.75],
    ['that is short with a warm cache, long with a cold one', history(() => ({ ms: next() < 0.7 ? 30_000 : 200_000, speed: 100 })), 0.75],
    ['that grows by a third over the time', history((n) => ({ ms: 60_000 * (1 + n / 900), speed: 100 })), 0.7],
    [
      'that computes, on drones of any speed',
      history(() => {
        const speed = speeds[Math.floor(next() * speeds.length)] as number;
        return { ms: 6_000_000 / speed, speed };
      }),
      0.75,
    ],
    [
      'that waits for others, on drones of any speed',
      history(() => ({ ms: 60_000, speed: speeds[Math.floor(next() * speeds.length)] as number })),
      0.75,
    ],
  ])('%s lie within the spread as often as is said', (_, past, least) => {
    const { foretold, within } = heldOut(past, 50);
    expect(foretold).toBe(250);
    expect(within / foretold).toBeGreaterThan(least);
    expect(within / foretold).toBeLessThan(0.95);
  });

  test('that computes, on a drone that never ran it, lie within it', () => {
    const past = history((n) => ({ ms: 6_000_000 / (n % 2 ? 80 : 160), speed: n % 2 ? 80 : 160 }));
    const onNew = Array.from({ length: 100 }, () => (6_000_000 / 400) * Math.exp(0.15 * normal()));
    const expected = expectedDuration(past.slice(0, 20), { id: 'new', speed: 400 });
    const within = onNew.filter((ms) => expected && ms >= expected.low && ms <= expected.high).length;
    expect(within).toBeGreaterThan(65);
  });
});
