import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';

export const wait = defineCommand({
  usage: 'wait <job...>',
  summary: 'Wait until jobs are done; 0 if all passed, else 1',
  examples: ['wait JOB', 'wait $(skep run --detach -- make a) $(skep run --detach -- make b)'],
  completes: 'jobs',
  run: async (session, _, ids) => {
    const client = await session.client();
    const { statusColour, statusWords } = await import('../print/words.js');
    const outcomes = await Promise.all(
      ids.map(async (id) => {
        // Beyond every event: only the summaries come.
        for await (const item of client.follow(id, { cursor: Number.MAX_SAFE_INTEGER })) {
          if (item.type !== 'summary' || item.summary.status !== 'done') continue;
          if (session.json) await session.terminal.json(item.summary);
          else await session.terminal.line(`${id}  ${session.terminal.paint(statusColour(item.summary), statusWords(item.summary))}`);
          if (item.summary.children && !session.json) {
            const { childLines } = await import('../print/childLines.js');
            for (const line of childLines(await client.children(id), Date.now(), session.terminal.paint))
              await session.terminal.line(`  ${line}`);
          }
          return item.summary.outcome;
        }
        return undefined;
      }),
    );
    return outcomes.every((outcome) => outcome === 'passed') ? EXIT.ok : EXIT.error;
  },
});
