import type { JobSummary, JobsQuery } from '@skep/protocol';
import { CliError } from '../CliError.js';
import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';
import type { Paint } from '../print/paint.js';

export const jobs = defineCommand({
  usage: 'jobs',
  alias: 'ls',
  summary: 'List jobs, newest first or oldest first',
  examples: [
    'jobs --status active',
    'jobs --status queued --sort oldest',
    'jobs --outcome failed --project web --limit 10',
    'jobs --json | jq -r .id',
  ],
  options: [
    { flags: '--status <status>', summary: 'only these', choices: ['active', 'queued', 'assigned', 'running', 'done'] },
    { flags: '--outcome <outcome>', summary: 'only these', choices: ['passed', 'failed', 'errored', 'timed-out', 'cancelled', 'lost'] },
    { flags: '--project <name>', summary: 'only of this project' },
    { flags: '--drone <name>', summary: 'only those that ran on this drone' },
    { flags: '--parent <job>', summary: 'only the children of this one; without it, or --drone, children are left out' },
    { flags: '--children', summary: 'children too' },
    { flags: '--sort <order>', summary: 'which come first; newest if absent', choices: ['newest', 'oldest'] },
    { flags: '-n, --limit <count>', summary: 'how many; 20 if absent' },
    { flags: '--before <place>', summary: 'the page after another: what that one printed last' },
  ],
  run: async (session, options) => {
    const limit = Number(options.text('limit') ?? 20);
    if (!Number.isInteger(limit) || limit < 1 || limit > 500)
      throw new CliError(`--limit ${options.text('limit')} is not a number from 1 to 500`, undefined, 'skep jobs --limit 50', EXIT.usage);
    const query: Partial<JobsQuery> = { limit };
    for (const name of ['status', 'outcome', 'project', 'drone', 'parent', 'sort', 'before'] as const) {
      const value = options.text(name);
      if (value !== undefined) Object.assign(query, { [name]: value });
    }
    if (query.parent === undefined && query.drone === undefined && !options.isOn('children')) query.parent = 'none';
    const page = await (await session.client()).jobs(query);
    const { terminal } = session;
    if (session.json) {
      for (const job of page.jobs) await terminal.json(job);
    } else {
      const { tableLines } = await import('../print/table.js');
      const { spanWords, statusColour, statusWords } = await import('../print/words.js');
      const { cellWords } = await import('@skep/protocol');
      const whatOf = ({ title, cell }: JobSummary): string => (cell ? `${title} (${cellWords(cell)})` : title);
      const now = Date.now();
      const row = (job: JobSummary) => {
        const status = statusWords(job);
        const ran = job.started === null ? '' : spanWords((job.finished ?? now) - job.started);
        const place = { plain: status, painted: terminal.paint(statusColour(job), status) };
        return [job.id, place, job.drone ?? '', ran, `${spanWords(Math.max(0, now - job.queued))} ago`, whatOf(job)];
      };
      const rows = page.jobs.map(row);
      if (rows.length === 0) terminal.remark('no job matches');
      else for (const line of tableLines([heading(terminal.paint), ...rows])) await terminal.line(line);
    }
    if (page.next !== null) terminal.remark(`there are more: --before ${page.next}`);
    return EXIT.ok;
  },
});

const heading = (paint: Paint) =>
  ['JOB', 'STATUS', 'DRONE', 'TOOK', 'QUEUED', 'WHAT'].map((plain) => ({ plain, painted: paint('dim', plain) }));
