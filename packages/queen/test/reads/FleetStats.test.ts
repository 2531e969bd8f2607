import { beforeEach, expect, test } from '@jest/globals';
import { type DroneSummary, Stats } from '@skep/protocol';
import { createMemoryStore, type JobRecord, type Store } from '@skep/store';
import { aJob } from '@skep/store/samples';
import { FleetStats } from '../../src/reads/FleetStats.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const TEN = Date.UTC(2026, 0, 1, 10);

let now: number;
let store: Store;
let asked: number;
let stats: FleetStats;
let jobs: number;

beforeEach(() => {
  [now, asked, jobs] = [TEN + 10 * MINUTE, 0, 0];
  store = createMemoryStore();
  stats = new FleetStats({
    store: {
      ended: (from, to) => {
        asked += 1;
        return store.ended(from, to);
      },
    },
    desk: { counts: () => ({ queued: 3, assigned: 1, running: 2 }), listDrones: () => drones },
    now: () => now,
  });
});

const aDrone = (changed: Partial<DroneSummary>): DroneSummary => ({
  id: 'd',
  name: 'd',
  speed: 1,
  capacity: 2,
  labels: {},
  plugins: [],
  handlers: [],
  state: 'idle',
  running: [],
  waiting: 0,
  connectedAt: 1,
  seenAt: 1,
  ...changed,
});
const drones = [aDrone({ state: 'busy', running: ['a'] }), aDrone({}), aDrone({ state: 'offline', connectedAt: null, capacity: 9 })];

const ended = async (finishedAt: number, changed: Partial<JobRecord> = {}) => {
  jobs += 1;
  await store.commit([
    { type: 'job', record: aJob(`job-${jobs}`, { status: 'done', outcome: 'passed', finishedAt, waitedMs: 100, ...changed }) },
  ]);
};

test('a day of jobs comes in half hours, with what it comes to in all', async () => {
  await ended(TEN + 5 * MINUTE, { waitedMs: 0 });
  await ended(TEN + 9 * MINUTE, { outcome: 'failed', waitedMs: 5000 });
  await ended(TEN - MINUTE, { outcome: 'cancelled', waitedMs: null });
  await ended(TEN - 23 * HOUR, { waitedMs: 5000 });
  await ended(TEN - 25 * HOUR);
  const day = Stats.parse(await stats.of(24));
  expect(day).toMatchObject({ from: TEN - 24 * HOUR, to: now, bucketMs: 30 * MINUTE });
  expect(day.outcomes).toEqual({ passed: 2, failed: 1, cancelled: 1 });
  expect(day.waits).toMatchObject({ jobs: 3 });
  expect(Math.abs((day.waits?.p50 ?? 0) - 5000)).toBeLessThan(250);
  expect(day.buckets).toHaveLength(49);
  expect(day.buckets.map(({ at }) => at)).toEqual(Array.from({ length: 49 }, (_, n) => day.from + n * 30 * MINUTE));
  expect(day.buckets.at(-1)).toMatchObject({ outcomes: { passed: 1, failed: 1 }, waits: { jobs: 2, p50: 0 } });
  expect(day.buckets.at(-2)).toEqual({ at: TEN - 30 * MINUTE, outcomes: { cancelled: 1 }, waits: null });
  expect(day.buckets[2]).toMatchObject({ outcomes: { passed: 1 } });
});

test('what goes on now is told with it', async () => {
  expect((await stats.of(1)).now).toEqual({
    queued: 3,
    running: 3,
    drones: { busy: 1, idle: 1, offline: 1 },
    slots: { taken: 1, capacity: 4 },
  });
});

test.each([
  [1, 5 * MINUTE],
  [2, 5 * MINUTE],
  [24, 30 * MINUTE],
  [168, 4 * HOUR],
])('a span of %i h is covered, in buckets that begin at multiples of their length', async (hours, bucketMs) => {
  const answer = Stats.parse(await stats.of(hours));
  expect(answer.bucketMs).toBe(bucketMs);
  expect(answer.from).toBeLessThanOrEqual(now - hours * HOUR);
  expect(answer.from % bucketMs).toBe(0);
  expect(answer.buckets.length).toBeLessThan(60);
  expect((answer.buckets.at(-1)?.at ?? 0) + bucketMs).toBeGreaterThan(now);
});

test('what is over is read once, what goes on is read again, and many who ask at once are one', async () => {
  await stats.of(24);
  const first = asked;
  expect(first).toBe(24 * 12 + 3);
  await Promise.all([stats.of(24), stats.of(24), stats.of(24)]);
  expect(asked).toBe(first);
  now += 2000;
  await ended(now - 1000);
  expect((await stats.of(24)).outcomes).toEqual({ passed: 1 });
  expect(asked).toBe(first + 1);
});

test('a job whose end is told late is counted where it belongs', async () => {
  await stats.of(24);
  await ended(TEN - 3 * HOUR);
  stats.jobDone(TEN - 3 * HOUR);
  now += 2000;
  expect((await stats.of(24)).outcomes).toEqual({ passed: 1 });
});
