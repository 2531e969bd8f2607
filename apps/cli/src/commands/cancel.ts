import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';

export const cancel = defineCommand({
  usage: 'cancel <job...>',
  summary: 'End jobs, wherever they are',
  examples: ['cancel JOB', 'cancel JOB --reason "the branch is gone"'],
  options: [{ flags: '--reason <words>', summary: 'why, for whoever looks at the job' }],
  completes: 'jobs',
  run: async (session, options, ids) => {
    const client = await session.client();
    for (const id of ids) {
      const { status } = await client.cancel(id, options.text('reason'));
      if (session.json) await session.terminal.json({ id, status });
      else session.terminal.remark(status === 'done' ? `job ${id} is done` : `job ${id} is being cancelled`);
    }
    return EXIT.ok;
  },
});
