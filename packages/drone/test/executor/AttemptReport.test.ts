import { expect, test } from '@jest/globals';
import type { AttemptEvent } from '@skep/protocol';
import { AttemptReport } from '../../src/executor/AttemptReport.js';
import type { AbortReason } from '../../src/executor/runAttempt.js';
import { until } from './helpers.js';

function aReport(options: { secrets?: Buffer[]; maxOutput?: number } = {}) {
  const told: string[] = [];
  const reasons: AbortReason[] = [];
  const emit = ({ name, args }: AttemptEvent): void => void told.push(name === 'job:cut' ? `cut ${args[0]} of ` : String(args[1]));
  const report = new AttemptReport({ emit, secrets: [], onBroken: (reason) => reasons.push(reason), maxOutput: 1e9, ...options });
  return { report, told, reasons };
}

test('beyond the limit head and tail are kept, and the attempt goes on', () => {
  const { report, told, reasons } = aReport({ maxOutput: 400 });
  const output = report.outputOf(0);
  for (let n = 0; n < 1000; n++) output.feed('stdout', Buffer.from(`${n}\n`));
  output.end();
  const text = told.join('');
  expect(text).toMatch(/^0\n1\n.*\ncut (\d+) of \[skep: \1 bytes of output left out here: over the limit of 400\]\n.*\n998\n999\n$/s);
  expect(text.replace(/cut \d+ of /, '').length).toBeLessThanOrEqual(400);
  expect(reasons).toEqual([]);
});

test('the rest of a line is told when it has waited, but not half a secret', async () => {
  const { report, told } = aReport({ secrets: [Buffer.from('hunter2')] });
  const output = report.outputOf(0);
  output.feed('stdout', Buffer.from('Password: hunt'));
  await until(() => told.length > 0);
  output.feed('stdout', Buffer.from('er2'));
  output.end();
  expect(told).toEqual(['Password: ', '●●●']);
});
