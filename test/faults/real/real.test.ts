import { beforeAll, describe, expect, test } from '@jest/globals';
import { planOf, quick } from './plan.js';
import { Report } from './Report.js';
import { type PlanResult, runPlan } from './runPlan.js';

const FIRST_SEED = Number(process.env.REAL_FROM ?? 1);
const SEEDS = Number(process.env.REAL_SEEDS ?? 25);
/** Plans wait much more than they compute. */
const AT_ONCE = 2;
const TEST_MS = 240_000;

/** Real processes need /proc to be found again after all that is done to them. */
const onLinux = process.platform === 'linux' ? describe : describe.skip;
if (process.platform !== 'linux') console.log('the schedules of faults are skipped: they find processes by /proc');

onLinux('queen, drones, their executors and lines fail at seeded moments', () => {
  const seeds = Array.from({ length: SEEDS }, (_, index) => FIRST_SEED + index);
  const results = new Map<number, PromiseWithResolver>();

  beforeAll(() => {
    for (const seed of seeds) results.set(seed, withResolver());
    const left = [...seeds];
    const work = async (): Promise<void> => {
      for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
        const { resolve, reject } = results.get(seed) as PromiseWithResolver;
        await runPlan(planOf(seed, quick)).then(resolve, reject);
      }
    };
    for (let worker = 0; worker < AT_ONCE; worker++) void work();
  });

  test.each(seeds)(
    'seed %i: every acknowledged job is done, once, with all its output, and nothing is left',
    async (seed) => {
      const result = await results.get(seed)?.promise;
      expect(result?.problems.length ? Report.failureOf(result) : '').toBe('');
    },
    TEST_MS,
  );
});

interface PromiseWithResolver {
  promise: Promise<PlanResult>;
  resolve: (result: PlanResult) => void;
  reject: (error: unknown) => void;
}

function withResolver(): PromiseWithResolver {
  let [resolve, reject]: [PromiseWithResolver['resolve'], PromiseWithResolver['reject']] = [() => {}, () => {}];
  const promise = new Promise<PlanResult>((...both) => {
    [resolve, reject] = both;
  });
  // Told where the seed's own test waits for it, which may be later.
  promise.catch(() => {});
  return { promise, resolve, reject };
}
