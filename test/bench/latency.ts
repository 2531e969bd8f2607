import { assemble } from './lib/assemble.js';
import { type Contestant, compare, median } from './lib/compare.js';
import { goals, type Question, type Row } from './lib/Row.js';
import { startQueues } from './lib/startQueues.js';
import { startSkep } from './lib/startSkep.js';

const JOBS = 300;
const SLOTS = 50;

type Figure = 'start' | 'done';

/** One task that does nothing after another: from its submission to its start at the drone, and to the caller's knowing of its end. */
export const latency: Question = {
  name: 'latency',
  question: 'one no-op task at a time',
  run: async () => {
    await using parties = await assemble(async (keep) => {
      const skep = keep(await startSkep({ capacity: SLOTS, tasks: true }));
      const others = await startQueues(SLOTS);
      if (others) keep(others);
      return { skep, queues: others?.queues ?? [] };
    });
    const { skep, queues } = parties;
    const oneByOne = async () => {
      await skep.drone.ask('starts', undefined);
      const times = await skep.caller.ask('oneByOne', { jobs: JOBS, job: { job_type: 'noop' } });
      const starts = await skep.drone.ask('starts', undefined);
      return times.map((time, index) => ({ ...time, started: starts[index] ?? Number.NaN }));
    };
    const contestants: Contestant<Figure>[] = [
      { name: 'Skep', run: async () => figures(await oneByOne()) },
      ...queues.map(({ name, oneByOne }) => ({ name, run: async () => figures(await oneByOne(JOBS)) })),
    ];
    const medians = await compare(contestants);
    const row = (name: string, figure: Figure): Row => ({
      figure: `submit to ${figure}`,
      unit: 'ms',
      skep: medians.get('Skep')?.[figure] ?? Number.NaN,
      yardstick: { name, value: medians.get(name)?.[figure] },
    });
    return [
      row('BullMQ', 'start'),
      row('bee-queue', 'start'),
      { ...row('BullMQ', 'done'), goal: goals.lessThanYardstick },
      row('bee-queue', 'done'),
    ];
  },
};

const figures = (times: readonly { submitted: number; started: number; done: number }[]): Record<Figure, number> => ({
  start: median(times.map(({ submitted, started }) => started - submitted)),
  done: median(times.map(({ submitted, done }) => done - submitted)),
});
