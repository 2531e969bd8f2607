import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';

export const why = defineCommand({
  usage: 'why <job>',
  summary: 'Say why a job waits, what would let it start, and how long it will take',
  examples: ['why JOB', 'why JOB --json | jq -r .unblock[0].words'],
  completes: 'jobs',
  run: async (session, _, [id = '']) => {
    const answer = await (await session.client()).why(id);
    if (session.json) {
      await session.terminal.json(answer);
      return EXIT.ok;
    }
    const { whyLines } = await import('../print/whyLines.js');
    for (const line of whyLines(answer, Date.now(), session.terminal.paint)) await session.terminal.line(line);
    return EXIT.ok;
  },
});
