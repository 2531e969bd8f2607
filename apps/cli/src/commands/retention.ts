import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';
import { tableLines } from '../print/table.js';

export const retention = defineCommand({
  usage: 'retention',
  summary: 'Show what the queen keeps, and which jobs it is about to remove',
  examples: ['retention', 'queen --keep passed.days=90 --keep failed.jobs=100'],
  notes: 'It removes nothing itself: the queen does, once an hour.',
  run: async (session) => {
    const plan = await (await session.client()).retention();
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
