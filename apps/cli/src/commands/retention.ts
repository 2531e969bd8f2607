import { CliError } from '../CliError.js';
import { retentionOf } from '../config/retentionOf.js';
import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';
import { tableLines } from '../print/table.js';

export const retention = defineCommand({
  usage: 'retention',
  summary: 'Show what the queen keeps, and which jobs it is about to remove',
  examples: ['retention', 'retention --dry-run --keep passed.days=90', 'queen --keep passed.days=90 --keep failed.jobs=100'],
  options: [
    { flags: '--dry-run', summary: 'with --keep: try bounds that the queen does not have; nothing is removed' },
    {
      flags: '--keep <bound=number>',
      summary: 'such as passed.days=90, as `skep queen` takes it; in place of all that the queen keeps',
      repeats: true,
    },
  ],
  notes: 'It removes nothing itself: the queen does, once an hour.',
  run: async (session, options) => {
    const isTried = options.list('keep').length > 0;
    if (isTried && !options.isOn('dryRun'))
      throw new CliError(
        'bounds are not set here',
        'they are settings of the queen',
        'skep queen --keep ..., or --dry-run to see what they would remove',
        EXIT.usage,
      );
    const others = isTried ? retentionOf((await session.settings()).settings) : undefined;
    const plan = await (await session.client()).retention(others);
    if (session.json) {
      await session.terminal.json(plan);
      return EXIT.ok;
    }
    session.terminal.remark(`keeps ${JSON.stringify(plan.retention)}; ${plan.count} jobs with ${plan.bytes} bytes are beyond that`);
    const rows = plan.jobs.map(({ job, outcome, project, bytes, because }) => [
      job,
      outcome ?? '-',
      project ?? '-',
      `${bytes}`,
      `beyond ${because}`,
    ]);
    if (rows.length > 0)
      for (const line of tableLines([['JOB', 'OUTCOME', 'PROJECT', 'BYTES', 'WHY'], ...rows])) await session.terminal.line(line);
    return EXIT.ok;
  },
});
