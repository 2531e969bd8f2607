import BeeQueue from 'bee-queue';
import { now } from '../lib/clock.js';
import { serve } from '../lib/serve.js';

let starts: number[] = [];

const skills = {
  start: async ({ port, concurrency }: { port: number; concurrency: number }): Promise<void> => {
    const queue = new BeeQueue('bench', { redis: { host: '127.0.0.1', port }, getEvents: false, storeJobs: false, removeOnSuccess: true });
    await queue.ready();
    queue.process(concurrency, async () => {
      starts.push(now());
    });
  },
  /** When each job began since this was last asked. */
  starts: (): number[] => {
    const taken = starts;
    starts = [];
    return taken;
  },
};

export type BeeWorkerSkills = typeof skills;
serve(skills);
