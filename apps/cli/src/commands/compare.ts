import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';

export const compare = defineCommand({
  usage: 'compare <a> <b>',
  summary: 'Say what two jobs have alike and what not: what was submitted, how long it took, what they left behind',
  examples: ['compare JOB1 JOB2', 'compare JOB1 JOB2 --json | jq .artifacts'],
  notes: 'Exits with 0 if both left the same behind, path by path and byte by byte, and with 1 if not.',
  completes: 'jobs',
  run: async (session, _, [a = '', b = '']) => {
    const comparison = await (await session.client()).compare(a, b);
    if (session.json) await session.terminal.json(comparison);
    else {
      const { comparisonLines } = await import('../print/comparisonLines.js');
      for (const line of comparisonLines(comparison)) await session.terminal.line(line);
    }
    return comparison.sameArtifacts ? EXIT.ok : EXIT.error;
  },
});
