import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { TemplateBody } from '@skep/protocol';
import { aCoordinator } from '../../packages/queen/test/helpers/aCoordinator.js';

test('the template of docs/templates.md is taken, and is filled as the page says', async () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/templates.md'), 'utf8');
  const [, json = ''] = /^```json\n(.*?)^```/ms.exec(page) ?? [];
  const { coordinator, held } = await aCoordinator();
  await coordinator.templateDesk.add(TemplateBody.parse(JSON.parse(json)));
  const { id } = await coordinator.templateDesk.run('build', { values: { target: 'all', clean: true } });
  const command = (await held.store.job(id))?.job.phases?.test?.[0];
  expect(command).toMatchObject({ screencmd: 'make clean; make all LEVEL=low' });
  const [, promised = ''] = /runs `make (".*?")`/.exec(page) ?? [];
  expect(command).toMatchObject({ command: expect.stringContaining(`make ${promised} LEVEL=`) });
});
