import { Worker } from 'bullmq';
import { now } from '../lib/clock.js';
import { serve } from '../lib/serve.js';

let starts: number[] = [];

const skills = {
  start: async ({ port, concurrency }: { port: number; concurrency: number }): Promise<void> => {
    const perform = async (): Promise<void> => {
      starts.push(now());
    };
    const worker = new Worker('bench', perform, { connection: { host: '127.0.0.1', port, maxRetriesPerRequest: null }, concurrency });
    await worker.waitUntilReady();
  },
  /** When each job began since this was last asked. */
  starts: (): number[] => {
    const taken = starts;
    starts = [];
    return taken;
  },
};

export type BullWorkerSkills = typeof skills;
serve(skills);
