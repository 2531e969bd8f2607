import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { Job, ScheduleBody } from '@skep/protocol';
import { parseYaml } from '../../apps/cli/src/parseYaml.js';
import { aCoordinator } from '../../packages/queen/test/helpers/aCoordinator.js';

test('the schedule of docs/schedules.md is taken, and runs at half past two in Vienna', async () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/schedules.md'), 'utf8');
  const [, yaml = ''] = /^```yaml\n(.*?)^```/ms.exec(page) ?? [];
  const [, json = ''] = /^```json\n(.*?)^```/ms.exec(page) ?? [];
  const body = ScheduleBody.parse(JSON.parse(json));
  const { coordinator } = await aCoordinator();
  const { next } = await coordinator.scheduleDesk.add({ ...body, job: Job.strict().parse(parseYaml(yaml)) });
  expect(next.map(({ local }) => local)).toEqual(Array(5).fill(expect.stringContaining('T02:30:00+02:00')));
  const query = new URLSearchParams(/next-times\?(\S+?)`/.exec(page)?.[1]);
  const problem = coordinator.scheduleDesk.preview({ cron: query.get('cron') ?? '', n: 10 });
  expect(problem).toMatchObject({ times: [], problem: { field: 'cron', from: 3, length: 2 } });
});
