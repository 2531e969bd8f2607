import { describe, expect, test } from '@jest/globals';
import { createFleet, createTurns, type Fleet, type QueueOrder, type WaitingJob } from '@skep/scheduler';
import fc from 'fast-check';
import { commands, outlooks, player, sayings } from './helpers/commands.js';
import { plainFleet } from './helpers/plainFleet.js';
import { aDrone, aJob } from './helpers/values.js';

/** A fleet whose jobs have their turns in this order. */
function fleetIn(order: QueueOrder<WaitingJob>, random: () => number): Fleet {
  const fleet = createFleet();
  const turnOf = createTurns(order, random);
  return Object.assign(Object.create(fleet) as Fleet, { addJob: (job: WaitingJob) => fleet.addJob({ ...job, ...turnOf(job) }) });
}

/** Numbers in [0, 1) that follow from a seed (Park and Miller's generator). */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const seeds = fc.integer({ min: 1, max: 2_147_483_646 });

/** A weight that agrees with neither priority nor arrival, with many that are equal. */
const weigh = ({ id, priority }: Pick<WaitingJob, 'id' | 'priority'>) => (Number(id.slice(1)) % 4) - 3 * priority;

/** Has a fleet in this order live through histories beside an oracle that sorts its jobs as it is told. */
function alike(order: QueueOrder<WaitingJob>, compare: (draws: Map<WaitingJob, number>) => (a: WaitingJob, b: WaitingJob) => number): void {
  fc.assert(
    fc.property(commands, seeds, (history, seed) => {
      const [random, draw] = [numbersFrom(seed), numbersFrom(seed)];
      const draws = new Map<WaitingJob, number>();
      const oracle = plainFleet(compare(draws));
      const addJob = (job: WaitingJob) => {
        draws.set(job, draw());
        oracle.addJob(job);
      };
      const drawing = { ...oracle, addJob };
      Object.defineProperty(drawing, 'waiting', { get: () => oracle.waiting });
      const fleet = fleetIn(order, random);
      const [play, playOracle] = [player(fleet), player(drawing)];
      for (const [step, command] of history.entries()) {
        // Turns are given here as jobs are added; what is moved has the turn that the history says.
        if (command.do === 'moveJob') continue;
        expect(play(command, step)).toEqual(playOracle(command, step));
        expect(sayings(fleet)).toEqual(sayings(drawing));
      }
      expect(outlooks(fleet)).toEqual(outlooks(drawing));
    }),
    { numRuns: 30 },
  );
}

describe('over any history a fleet makes the choices of an oracle', () => {
  test('by weight, the heaviest first, whatever the priority', () =>
    alike(weigh, () => (a, b) => weigh(b) - weigh(a) || a.order - b.order));

  test('at random, where higher priority still goes first', () =>
    alike('random', (draws) => (a, b) => b.priority - a.priority || draws.get(a)! - draws.get(b)!));

  test('first come first served', () => alike('fifo', () => (a, b) => b.priority - a.priority || a.order - b.order));
});

/** The ids of jobs in the order in which one drone takes them. */
function takenBy(fleet: Fleet, jobs: readonly WaitingJob[]): string[] {
  for (const job of jobs) fleet.addJob(job);
  fleet.setDrone(aDrone('one', { capacity: jobs.length }), 0);
  return jobs.map(() => fleet.next()!.jobId);
}

test('the same numbers make the same random order, and any job may be first', () => {
  const jobs = Array.from({ length: 8 }, (_, n) => aJob(`j${n}`, n));
  const firsts = new Map<string, number>();
  for (let seed = 1; seed <= 2000; seed++) {
    const numbers = numbersFrom(seed * 7919);
    // The first numbers of neighbouring seeds are alike.
    for (let n = 0; n < 3; n++) numbers();
    const [first] = takenBy(fleetIn('random', numbers), jobs);
    firsts.set(first!, (firsts.get(first!) ?? 0) + 1);
  }
  for (const { id } of jobs) expect(Math.abs((firsts.get(id) ?? 0) - 250)).toBeLessThan(90);
  expect(takenBy(fleetIn('random', numbersFrom(7)), jobs)).toEqual(takenBy(fleetIn('random', numbersFrom(7)), jobs));
});

test('a weight that is not a number counts as 0, and those beyond all others go first and last', () => {
  const weights: Record<string, number> = { a: Number.NaN, b: 1, c: -1, d: Number.POSITIVE_INFINITY, e: Number.NEGATIVE_INFINITY };
  const fleet = fleetIn(
    ({ id }) => weights[id]!,
    () => 0,
  );
  expect(
    takenBy(
      fleet,
      ['a', 'b', 'c', 'd', 'e'].map((id, n) => aJob(id, n)),
    ),
  ).toEqual(['d', 'b', 'a', 'c', 'e']);
});
