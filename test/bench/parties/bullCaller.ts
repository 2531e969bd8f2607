import { Queue, QueueEvents } from 'bullmq';
import { now } from '../lib/clock.js';
import { serve } from '../lib/serve.js';

let queue: Queue;
let events: QueueEvents;

/** A bound, as BullMQ's documentation advises. Not 0: `waitUntilFinished` looks for a job that may have ended before it. */
const defaultJobOptions = { removeOnComplete: { count: 1000 } };
/** The stream of events is cut at this length; shorter, a caller that falls behind would miss some. */
const EVENTS = 1_000_000;

const skills = {
  start: async (port: number): Promise<void> => {
    const connection = { host: '127.0.0.1', port, maxRetriesPerRequest: null };
    queue = new Queue('bench', { connection, defaultJobOptions, streams: { events: { maxLen: EVENTS } } });
    events = new QueueEvents('bench', { connection });
    await Promise.all([queue.waitUntilReady(), events.waitUntilReady()]);
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
    events.on('completed', count);
    const began = now();
    for (let added = 0; added < jobs; added += batch) {
      await queue.addBulk(Array.from({ length: Math.min(batch, jobs - added) }, () => ({ name: 'noop', data: {} })));
    }
    await allDone;
    const took = now() - began;
    events.off('completed', count);
    return (jobs / took) * 1000;
  },

  oneByOne: async (jobs: number): Promise<{ submitted: number; done: number }[]> => {
    const times: { submitted: number; done: number }[] = [];
    for (let n = 0; n < jobs; n++) {
      const submitted = now();
      const job = await queue.add('noop', {});
      await job.waitUntilFinished(events);
      times.push({ submitted, done: now() });
    }
    return times;
  },
};

export type BullCallerSkills = typeof skills;
serve(skills);
