import { once } from 'node:events';
import BeeQueue from 'bee-queue';
import { now } from '../lib/clock.js';
import { serve } from '../lib/serve.js';

let queue: BeeQueue;

const skills = {
  start: async (port: number): Promise<void> => {
    queue = new BeeQueue('bench', { redis: { host: '127.0.0.1', port }, isWorker: false, removeOnSuccess: true });
    await queue.ready();
  },

  throughput: async ({ jobs, batch }: { jobs: number; batch: number }): Promise<number> => {
    let left = jobs;
    let ended = (): void => {};
    const allDone = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const count = (): void => {
      if (--left === 0) ended();
    };
    queue.on('job succeeded', count);
    const began = now();
    for (let added = 0; added < jobs; added += batch) {
      await queue.saveAll(Array.from({ length: Math.min(batch, jobs - added) }, () => queue.createJob({})));
    }
    await allDone;
    const took = now() - began;
    queue.off('job succeeded', count);
    // Jobs are remembered by whoever made them until their events came.
    queue.jobs.clear();
    return (jobs / took) * 1000;
  },

  oneByOne: async (jobs: number): Promise<{ submitted: number; done: number }[]> => {
    const times: { submitted: number; done: number }[] = [];
    for (let n = 0; n < jobs; n++) {
      const submitted = now();
      const job = queue.createJob({});
      const ended = once(job, 'succeeded');
      await job.save();
      await ended;
      times.push({ submitted, done: now() });
    }
    return times;
  },
};

export type BeeCallerSkills = typeof skills;
serve(skills);
