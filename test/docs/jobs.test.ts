import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { Job } from '@skep/protocol';
import { aCoordinator } from '../../packages/queen/test/helpers/aCoordinator.js';

test('the jobs of docs/jobs.md are taken in that order, and wait for what the page says', async () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/jobs.md'), 'utf8');
  const jobs = [...page.matchAll(/^```json\n(.*?)^```/gms)].map(([, text]) => Job.strict().parse(JSON.parse(text!)));
  expect(jobs).toHaveLength(7);
  const { coordinator } = await aCoordinator();
  for (const job of jobs) await coordinator.submit(job);
  expect(coordinator.waiting('web-1841-deploy')).toEqual({
    reason: 'waiting-for-jobs',
    jobs: ['web-1841-test', 'web-1841-lint'],
    count: 2,
  });
});
