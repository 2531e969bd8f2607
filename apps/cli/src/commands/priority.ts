import { CliError } from '../CliError.js';
import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';

export const priority = defineCommand({
  usage: 'priority <job> <n>',
  summary: 'Give a job another priority while it waits',
  examples: ['priority JOB 10', 'priority JOB -1'],
  notes: 'Higher goes first, from -1000 to 1000. For a job that runs it counts if there is another attempt.',
  completes: 'jobs',
  run: async (session, _, [id = '', text = '']) => {
    if (!/^-?\d+$/.test(text))
      throw new CliError(`${text} is no priority`, 'it must be a whole number', `skep priority ${id} 10`, EXIT.usage);
    const summary = await (await session.client()).setPriority(id, Number(text));
    if (session.json) await session.terminal.json(summary);
    else {
      const { statusWords } = await import('../print/words.js');
      session.terminal.remark(`job ${id} has priority ${summary.priority}; ${statusWords(summary)}`);
    }
    return EXIT.ok;
  },
});
