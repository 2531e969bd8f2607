import { execa } from 'execa';
import { now } from '../lib/clock.js';
import { serve } from '../lib/serve.js';

const skills = {
  /** Runs `sh -c true` so many times, one after another. @returns ms that each took */
  runs: async (times: number): Promise<number[]> => {
    const took: number[] = [];
    for (let n = 0; n < times; n++) {
      const began = now();
      await execa('sh', ['-c', 'true']);
      took.push(now() - began);
    }
    return took;
  },
};

export type ExecaSkills = typeof skills;
serve(skills);
