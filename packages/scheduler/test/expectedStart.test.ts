import { describe, expect, test } from '@jest/globals';
import { type BusyDrone, expectedStart, type Spread, type WaitingWork } from '@skep/scheduler';
import fc from 'fast-check';

const NOW = 1_000_000;
const at = (low: number, likely = low, high = likely): Spread => ({ low: NOW + low, likely: NOW + likely, high: NOW + high });
const aDrone = (id: string, ends: (Spread | undefined)[], capacity = ends.length, speed = 100): BusyDrone => ({
  id,
  speed,
  capacity,
  ends,
});
const work = (drones: string[], low?: number, likely = low, high = likely): WaitingWork => ({
  drones,
  durationOn: () => (low === undefined ? undefined : { low, likely: likely as number, high: high as number }),
});

describe('a job that waits', () => {
  test.each<[string, BusyDrone[], WaitingWork[], ReturnType<typeof expectedStart>]>([
    [
      'alone starts when the first slot is free',
      [aDrone('a', [at(50, 60, 90), at(40, 70, 80)])],
      [work(['a'], 10, 20, 30)],
      { drone: 'a', start: at(40, 60, 80), end: at(50, 80, 110) },
    ],
    [
      'starts when those before it have had their turn',
      [aDrone('a', [at(10)])],
      [work(['a'], 5, 10, 20), work(['a'], 5, 10, 20), work(['a'], 1)],
      { drone: 'a', start: at(20, 30, 50), end: at(21, 31, 51) },
    ],
    [
      'goes to the drone that is free first among those that may run it',
      [aDrone('mac', [at(1)]), aDrone('slow', [at(30)]), aDrone('soon', [at(20)])],
      [work(['slow', 'soon'], 100), work(['slow', 'soon'], 1)],
      { drone: 'slow', start: at(30), end: at(31) },
    ],
    [
      'goes to the faster of two that are free at the same time',
      [aDrone('a', [at(5)], 1, 100), aDrone('b', [at(5)], 1, 200)],
      [work(['a', 'b'], 1)],
      { drone: 'b', start: at(5), end: at(6) },
    ],
    ['starts at once in a free slot', [aDrone('a', [], 1)], [work(['a'], 1)], { drone: 'a', start: at(0), end: at(1) }],
    [
      'waits until a drone that runs more than it has slots for runs fewer',
      [aDrone('a', [at(10), at(20), at(30)], 2)],
      [work(['a'], 1)],
      { drone: 'a', start: at(20), end: at(21) },
    ],
    ['may end at an unknown time', [aDrone('a', [at(10)])], [work(['a'])], { drone: 'a', start: at(10), end: undefined }],
    [
      'may start sooner than is likely where something unknown may end',
      [aDrone('a', [undefined]), aDrone('b', [at(10)])],
      [work(['a', 'b'], 1)],
      { drone: 'b', start: at(0, 10, 10), end: at(1, 11, 11) },
    ],
    ['has no start where all slots are held by something unknown', [aDrone('a', [undefined])], [work(['a'], 1)], undefined],
    ['has no start behind something unknown', [aDrone('a', [at(10)])], [work(['a']), work(['a'], 1)], undefined],
    [
      'passes one before it that no known slot can take',
      [aDrone('a', [undefined]), aDrone('b', [at(10)])],
      [work(['a'], 5), work(['b'], 1)],
      { drone: 'b', start: at(10), end: at(11) },
    ],
    ['has no start without a drone', [aDrone('a', [at(10)])], [work([], 1)], undefined],
    ['has no start on a drone that is not there', [aDrone('a', [at(10)])], [work(['gone'], 1)], undefined],
    [
      'whose attempt before it is overdue may start from now on',
      [aDrone('a', [at(-50)])],
      [work(['a'], 1)],
      { drone: 'a', start: at(0), end: at(1) },
    ],
  ])('%s', (_, drones, line, expected) => expect(expectedStart(NOW, drones, line)).toEqual(expected));
});

const ids = ['a', 'b', 'c'];
const spread = fc
  .tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000))
  .map(([low, more, most]) => ({ low, likely: low + more, high: low + more + most }));
const drones = fc
  .tuple(...ids.map(() => fc.tuple(fc.array(fc.option(spread, { nil: undefined }), { maxLength: 3 }), fc.integer({ min: 1, max: 3 }))))
  .map((each) =>
    each.map(([ends, capacity], n) =>
      aDrone(
        ids[n] as string,
        ends.map((end) => end && at(end.low, end.likely, end.high)),
        capacity,
      ),
    ),
  );
const line = fc.array(
  fc
    .record({ drones: fc.subarray(ids), time: fc.option(spread, { nil: undefined }) })
    .map(({ drones, time }) => ({ drones, durationOn: () => time })),
  { minLength: 1, maxLength: 12 },
);

test('the start of any job in any line is in order, from now on, on a drone that may run it', () => {
  fc.assert(
    fc.property(drones, line, (fleet, waiting) => {
      const expected = expectedStart(NOW, fleet, waiting);
      if (!expected) return;
      const { start, end, drone } = expected;
      expect(waiting.at(-1)?.drones).toContain(drone);
      for (const { low, likely, high } of end ? [start, end] : [start]) {
        expect(low).toBeGreaterThanOrEqual(NOW);
        expect(low).toBeLessThanOrEqual(likely);
        expect(likely).toBeLessThanOrEqual(high);
        expect(Number.isFinite(high)).toBe(true);
      }
    }),
  );
});

test('where every job takes exactly its time, the start is the one that the routing leads to', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(500), { minLength: 1, maxLength: 4 }), fc.array(fc.nat(300), { maxLength: 10 }), (ends, times) => {
      // By hand: whenever the earliest slot is free, the next job takes it.
      const free = ends.map((end) => NOW + end);
      for (const time of times) {
        free.sort((a, b) => a - b);
        free[0] = (free[0] as number) + time;
      }
      const waiting = [...times.map((time) => work(['a'], time)), work(['a'], 1)];
      expect(
        expectedStart(
          NOW,
          [
            aDrone(
              'a',
              ends.map((end) => at(end)),
            ),
          ],
          waiting,
        )?.start.likely,
      ).toBe(Math.min(...free));
    }),
  );
});
