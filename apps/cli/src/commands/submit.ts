import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { CliError } from '../CliError.js';
import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';

export const submit = defineCommand({
  usage: 'submit <file>',
  summary: 'Submit a job from a JSON or YAML file, - for stdin',
  examples: ['submit job.yaml', 'submit - < job.json', 'logs -f "$(skep submit job.yaml)"'],
  run: async (session, _, [file = '']) => {
    const { Job, parseAs } = await import('@skep/protocol');
    const job = parseAs(Job, await read(file), 'The job', 'INVALID_JOB');
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

async function read(file: string): Promise<unknown> {
  const name = file === '-' ? 'stdin' : file;
  const content = await (file === '-' ? text(process.stdin) : readFile(file, 'utf8')).catch((error: Error) => {
    throw new CliError(`${name} cannot be read`, error.message, 'skep submit job.yaml', EXIT.error);
  });
  // JSON is YAML too.
  const { parseYaml } = await import('../parseYaml.js');
  try {
    return parseYaml(content);
  } catch (error) {
    throw new CliError(`${name} is neither JSON nor YAML`, (error as Error).message.split('\n', 1)[0], 'correct that line', EXIT.usage);
  }
}
