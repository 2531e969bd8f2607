import { expect, test } from '@jest/globals';
import { simulate } from './simulate.js';

/** How many seeds, and from which on: `SIM_SEEDS=100000 SIM_FROM=1 npx jest test/faults/sim`. */
const seeds = Number(process.env.SIM_SEEDS ?? 2000);
const from = Number(process.env.SIM_FROM ?? 1);

test(
  `nothing is lost, doubled or stuck, whatever goes wrong: ${seeds} seeds from ${from}`,
  async () => {
    for (let seed = from; seed < from + seeds; seed++) {
      try {
        await simulate(seed);
      } catch (error) {
        throw new Error(`seed ${seed} (again: SIM_SEEDS=1 SIM_FROM=${seed} npx jest test/faults/sim): ${(error as Error).message}`);
      }
    }
  },
  Math.max(60_000, seeds * 500),
);

test('a seed gives the same run every time', async () => {
  const runs = [await simulate(from), await simulate(from)];
  expect(runs[1]).toEqual(runs[0]);
});
