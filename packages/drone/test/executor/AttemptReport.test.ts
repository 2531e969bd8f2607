import { expect, test } from '@jest/globals';
import type { AttemptEvent } from '@skep/protocol';
import { AttemptReport } from '../../src/executor/AttemptReport.js';
import type { AbortReason } from '../../src/executor/runAttempt.js';
import { until } from './helpers.js';

function aReport(options: { secrets?: Buffer[]; outputLimitBytes?: number } = {}) {
  const told: string[] = [];
  const reasons: AbortReason[] = [];
  const emit = ({ args }: AttemptEvent): void => void told.push(String(args[1]));
  const report = new AttemptReport({ emit, secrets: [], onBroken: (reason) => reasons.push(reason), ...options });
  return { report, told, reasons };
}

test('beyond the limit the head is kept, a note says so once, and the attempt ends', () => {
  const { report, told, reasons } = aReport({ outputLimitBytes: 10 });
  const output = report.outputOf(0);
  output.feed('stdout', Buffer.from('12345\n6789012345\nmore\n'));
  output.feed('stdout', Buffer.from('and more\n'));
  output.end();
  expect(told).toEqual(['12345\n6789', '\n[output limit reached: the rest was dropped]\n']);
  expect(reasons).toEqual([{ code: 'output-limit', message: 'more output than 10 bytes' }]);
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
