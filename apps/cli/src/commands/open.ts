import { CliError } from '../CliError.js';
import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';

export const open = defineCommand({
  usage: 'open [job]',
  summary: 'Open the page of a job, or of the whole fleet, in the browser',
  examples: ['open JOB', 'open JOB --lines 812-990', 'open', 'open --json JOB | jq -r .url'],
  options: [{ flags: '--lines <a-b>', summary: 'at these lines of its output' }],
  notes: 'Prints the address instead where there is no screen. BROWSER names the program that opens it.',
  completes: 'jobs',
  run: async (session, options, [id]) => {
    const client = await session.client();
    // A page that only says that there is no such job is no help.
    if (id !== undefined) await client.query(id);
    const url = `${id === undefined ? `${client.url}/` : client.pageOf(id)}${fragmentOf(options.text('lines'))}`;
    if (session.json) {
      await session.terminal.json({ url });
      return EXIT.ok;
    }
    const { openUrl } = await import('../openUrl.js');
    if (await openUrl(url, session.env)) session.terminal.remark(`opened ${url}`);
    else await session.terminal.line(url);
    return EXIT.ok;
  },
});

function fragmentOf(lines: string | undefined): string {
  if (lines === undefined) return '';
  const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(lines) ?? [];
  if (from === undefined)
    throw new CliError(`--lines ${lines} is no range of lines`, undefined, '--lines 812 or --lines 812-990', EXIT.usage);
  return to === undefined ? `#L${from}` : `#L${from}-L${to}`;
}
