import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';

export const retry = defineCommand({
  usage: 'retry <job>',
  summary: 'Submit a done job again, as a new one, and print its id',
  examples: ['retry JOB', 'logs -f "$(skep retry JOB)"'],
  completes: 'jobs',
  run: async (session, _, [id = '']) => {
    const client = await session.client();
    const made = await client.retry(id);
    if (session.json) await session.terminal.json({ id: made.id, retryOf: id, url: client.pageOf(made.id) });
    else {
      await session.terminal.line(made.id);
      session.terminal.remark(client.pageOf(made.id));
    }
    return EXIT.ok;
  },
});
