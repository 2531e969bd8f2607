import { assemble } from './lib/assemble.js';
import { type Contestant, compare } from './lib/compare.js';
import { goals, type Question, type Row } from './lib/Row.js';
import { startQueues } from './lib/startQueues.js';
import { startSkep } from './lib/startSkep.js';

const JOBS = 20_000;
const SLOTS = 50;
/** Submissions on their way at once, and jobs of one addBulk or saveAll. */
const AT_ONCE = 1000;

/** From the first submission of 20,000 tasks that do nothing to the caller's knowing of the last one's end. */
export const throughput: Question = {
  name: 'jobs',
  question: `${JOBS.toLocaleString('en')} no-op tasks, 1 drone, ${SLOTS} slots`,
  run: async () => {
    await using parties = await assemble(async (keep) => {
      const skep = keep(await startSkep({ capacity: SLOTS, tasks: true }));
      const others = await startQueues(SLOTS);
      if (others) keep(others);
      return { skep, queues: others?.queues ?? [] };
    });
    const { skep, queues } = parties;
    const contestants: Contestant<'rate'>[] = [
      { name: 'Skep', run: async () => ({ rate: await skep.caller.ask('throughput', { jobs: JOBS, inFlight: AT_ONCE }) }) },
      ...queues.map(({ name, throughput }) => ({ name, run: async () => ({ rate: await throughput({ jobs: JOBS, batch: AT_ONCE }) }) })),
    ];
    const medians = await compare(contestants);
    const skepRate = medians.get('Skep')?.rate ?? Number.NaN;
    const row = (name: string): Row => ({
      figure: 'jobs per second',
      unit: '/s',
      skep: skepRate,
      yardstick: { name, value: medians.get(name)?.rate },
    });
    return [{ ...row('BullMQ'), goal: goals.moreThanYardstick }, row('bee-queue')];
  },
};
