import { expect, test } from '@jest/globals';
import { JobStatus } from '@skep/protocol';
import { canFollow, nextStatuses } from '@skep/scheduler';

test.each<[JobStatus, JobStatus, boolean]>([
  ['queued', 'assigned', true],
  ['queued', 'running', true],
  ['queued', 'done', true],
  ['assigned', 'queued', true],
  ['assigned', 'running', true],
  ['assigned', 'done', true],
  ['running', 'queued', true],
  ['running', 'assigned', false],
  ['running', 'done', true],
  ['done', 'queued', false],
  ['done', 'assigned', false],
  ['done', 'running', false],
])('whether a job may go from %s to %s: %s', (from, to, may) => expect(canFollow(from, to)).toBe(may));

test.each(JobStatus.options)('a job that is %s does not become so again', (status) => expect(canFollow(status, status)).toBe(false));

test('a job can end from everywhere, and nothing comes after the end', () => {
  for (const status of JobStatus.options) expect(nextStatuses[status].includes('done')).toBe(status !== 'done');
  expect(nextStatuses.done).toEqual([]);
});
