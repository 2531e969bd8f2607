import type { BeeCallerSkills } from '../parties/beeCaller.js';
import type { BeeWorkerSkills } from '../parties/beeWorker.js';
import type { BullCallerSkills } from '../parties/bullCaller.js';
import type { BullWorkerSkills } from '../parties/bullWorker.js';
import { assemble } from './assemble.js';
import { Party } from './Party.js';
import { startRedis } from './startRedis.js';

/** What both job queues can be asked for. */
export interface JobQueue {
  readonly name: 'BullMQ' | 'bee-queue';
  /** Has so many jobs done, added in batches of one size. @returns jobs a second, from the first add to the word of the last one's end */
  throughput(order: { jobs: number; batch: number }): Promise<number>;
  /** Has jobs done one after another. @returns the instants of each */
  oneByOne(jobs: number): Promise<{ submitted: number; started: number; done: number }[]>;
}

/** BullMQ and bee-queue with a worker and a caller each, every one a process of its own, on one Redis; undefined if there is none here. */
export async function startQueues(concurrency: number): Promise<(AsyncDisposable & { queues: JobQueue[] }) | undefined> {
  const redis = await startRedis();
  if (!redis) return undefined;
  return assemble(async (keep) => {
    const { port } = keep(redis);
    const bull = {
      worker: keep(new Party<BullWorkerSkills>('bullWorker')),
      caller: keep(new Party<BullCallerSkills>('bullCaller')),
    };
    const bee = {
      worker: keep(new Party<BeeWorkerSkills>('beeWorker')),
      caller: keep(new Party<BeeCallerSkills>('beeCaller')),
    };
    for (const { worker, caller } of [bull, bee]) {
      await worker.ask('start', { port, concurrency });
      await caller.ask('start', port);
    }
    return { queues: [jobQueue('BullMQ', bull), jobQueue('bee-queue', bee)] };
  });
}

type Parties = { worker: Party<BullWorkerSkills>; caller: Party<BullCallerSkills> };

const jobQueue = (name: JobQueue['name'], { worker, caller }: Parties): JobQueue => ({
  name,
  throughput: (order) => caller.ask('throughput', order),
  oneByOne: async (jobs) => {
    await worker.ask('starts', undefined);
    const times = await caller.ask('oneByOne', jobs);
    const starts = await worker.ask('starts', undefined);
    return times.map((time, index) => ({ ...time, started: starts[index] ?? Number.NaN }));
  },
});
