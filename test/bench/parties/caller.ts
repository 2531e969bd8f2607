import { connect, isOutput, type SkepClient } from '@skep/client';
import type { Job, JobInfo } from '@skep/protocol';
import { now } from '../lib/clock.js';
import { serve } from '../lib/serve.js';

let client: SkepClient;

const skills = {
  start: async (url: string): Promise<void> => {
    client = connect({ url, deadlineMs: 120_000 });
    await client.drones();
  },

  /** Has so many tasks done, with so many submissions on their way at once. @returns tasks a second, from the first submission to the word of the last one's end */
  throughput: async ({ jobs, inFlight }: { jobs: number; inFlight: number }): Promise<number> => {
    const watch = await watchEnds(jobs);
    const began = now();
    let next = 0;
    const submitter = async (): Promise<void> => {
      while (next++ < jobs) await client.submit({ job_type: 'noop' });
    };
    await Promise.all(Array.from({ length: inFlight }, submitter));
    await watch.allDone;
    const took = now() - began;
    watch.stop();
    return (jobs / took) * 1000;
  },

  /** Has jobs done one after another, each followed to its end. */
  oneByOne: async ({ jobs, job }: { jobs: number; job: Job }): Promise<{ submitted: number; done: number }[]> => {
    const times: { submitted: number; done: number }[] = [];
    for (let n = 0; n < jobs; n++) {
      const submitted = now();
      const { id } = await client.submit(job);
      let outcome: string | undefined;
      for await (const item of client.follow(id)) if (item.type === 'summary') outcome = item.summary.outcome;
      times.push({ submitted, done: now() });
      if (outcome !== 'passed') throw new Error(`Job ${id} ended ${outcome}`);
    }
    return times;
  },

  /** Has a job done. @returns what became of it */
  build: async (job: Job): Promise<JobInfo> => {
    const { id } = await client.submit(job);
    for await (const _ of client.follow(id));
    return client.query(id);
  },

  /** Follows a job that prints. @returns bytes, and ms from its first output to its last */
  output: async (job: Job): Promise<{ bytes: number; ms: number }> => {
    const { id } = await client.submit(job);
    let bytes = 0;
    let first: number | undefined;
    let last = 0;
    for await (const item of client.follow(id)) {
      if (!isOutput(item)) continue;
      last = now();
      first ??= last;
      bytes += item.args[1].length;
    }
    return { bytes, ms: last - (first ?? last) };
  },

  /** Follows a job that prints the instant on every line. @returns ms from the writing of each line to here */
  lines: async (job: Job): Promise<number[]> => {
    const { id } = await client.submit(job);
    const late: number[] = [];
    for await (const item of client.follow(id)) {
      if (!isOutput(item)) continue;
      const arrived = now();
      const lines = Buffer.from(item.args[1]).toString().trimEnd().split('\n');
      late.push(...lines.map((line) => arrived - Number(line)));
    }
    return late;
  },
};

/** Hears of the ends of so many jobs, from when this is resolved. */
async function watchEnds(jobs: number): Promise<{ allDone: Promise<void>; stop: () => void }> {
  const { promise: connected, resolve: setConnected } = deferred();
  const { promise: allDone, resolve: setAllDone, reject } = deferred();
  let left = jobs;
  const stop = client.watchQueue((change) => {
    if (change.type === 'connected') setConnected();
    if (change.type === 'disconnected') reject(new Error('The connection was lost'));
    if (change.type !== 'job' || change.summary.status !== 'done') return;
    if (change.summary.outcome !== 'passed') reject(new Error(`Job ${change.summary.id} ended ${change.summary.outcome}`));
    if (--left === 0) setAllDone();
  });
  await connected;
  return { allDone, stop };
}

function deferred(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve = (): void => {};
  let reject = (_: Error): void => {};
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

export type CallerSkills = typeof skills;
serve(skills);
