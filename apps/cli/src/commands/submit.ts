import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';
import { readValue } from '../readValue.js';

export const submit = defineCommand({
  usage: 'submit <file>',
  summary: 'Submit a job from a JSON or YAML file, - for stdin',
  examples: ['submit job.yaml', 'submit - < job.json', 'logs -f "$(skep submit job.yaml)"'],
  run: async (session, _, [file = '']) => {
    const { Job, parseAs } = await import('@skep/protocol');
    const job = parseAs(Job, await readValue(file), 'The job', 'INVALID_JOB');
    const client = await session.client();
    const { id } = await client.submit(job);
    if (session.json) await session.terminal.json({ id, url: client.pageOf(id) });
    else {
      await session.terminal.line(id);
      session.terminal.remark(client.pageOf(id));
    }
    return EXIT.ok;
  },
});
