import type { Job } from '@skep/protocol';
import { assemble } from './lib/assemble.js';
import { type Contestant, compare, median, RUNS } from './lib/compare.js';
import { Party } from './lib/Party.js';
import { goals, type Question } from './lib/Row.js';
import { startSkep } from './lib/startSkep.js';
import type { ExecaSkills } from './parties/execa.js';

const TIMES = 50;
/** Performed by an executor, without a process of its own. */
const ping: Job = { job_type: 'ping' };
const job: Job = { phases: { test: [{ command: 'sh', args: ['-c', 'true'] }] } };

/** The shortest build there is, from its submission to the caller's knowing of its end, beside its command alone. */
export const command: Question = {
  name: 'true',
  question: 'a job of sh -c true',
  run: async () => {
    await using parties = await assemble(async (keep) => ({
      skep: keep(await startSkep({ capacity: 1, tasks: false })),
      execa: keep(new Party<ExecaSkills>('execa')),
    }));
    const { skep, execa } = parties;
    const jobs = async (job: Job): Promise<number> => {
      const times = await skep.caller.ask('oneByOne', { jobs: TIMES, job });
      return median(times.map(({ submitted, done }) => done - submitted));
    };
    const contestants: Contestant<'took'>[] = [
      { name: 'Skep', run: async () => ({ took: await jobs(job) }) },
      { name: 'execa', run: async () => ({ took: median(await execa.ask('runs', TIMES)) }) },
    ];
    const medians = await compare(contestants);
    const tasks: number[] = [];
    for (let run = 0; run < RUNS; run++) tasks.push(await jobs(ping));
    return [
      {
        figure: 'submit to done',
        unit: 'ms',
        skep: medians.get('Skep')?.took ?? Number.NaN,
        yardstick: { name: 'execa alone', value: medians.get('execa')?.took },
        goal: goals.moreByAtMost(15, 'ms'),
      },
      { figure: 'a no-op task in an executor', unit: 'ms', skep: median(tasks) },
    ];
  },
};
