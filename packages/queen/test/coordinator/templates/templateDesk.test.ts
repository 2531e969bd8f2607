import { expect, test } from '@jest/globals';
import { aCoordinator } from '../../helpers/aCoordinator.js';

const build = {
  name: 'build',
  parameters: [{ name: 'target' }, { name: 'key', default: 'none' }],
  job: { project: '{{target}}', secrets: { OWN: 'hush', KEY: '{{key}}' }, phases: { test: ['make {{target}}'] } },
};
const HOUR_MS = 3_600_000;

test('a template is kept over a restart, run, replaced and removed; its own secrets are masked', async () => {
  const { coordinator, held, clock } = await aCoordinator();
  const added = await coordinator.templateDesk.add(build);
  expect(added.job.secrets).toEqual({ OWN: '●●●', KEY: '{{key}}' });
  await expect(coordinator.templateDesk.add(build)).rejects.toMatchObject({ code: 'TEMPLATE_EXISTS' });
  const next = (await aCoordinator(held, clock)).coordinator;
  expect(await next.templateDesk.run('build', { id: 'one', values: { target: 'all' } })).toEqual({ id: 'one' });
  expect((await held.store.job('one'))?.job).toMatchObject({ project: 'all', secrets: { OWN: 'hush', KEY: 'none' } });
  await next.templateDesk.replace('build', { job: { project: 'fixed' } });
  await expect(next.templateDesk.run('build', { values: { target: 'all' } })).rejects.toMatchObject({ code: 'INVALID_VALUES' });
  expect(() => next.templateDesk.get('biuld')).toThrow('did you mean build?');
  await next.templateDesk.remove('build');
  expect(next.templateDesk.list()).toEqual([]);
});

test('a schedule runs a template with its values; what does not fit any more is refused and said, and the template stays while it is used', async () => {
  const { coordinator, held, clock } = await aCoordinator();
  const { templateDesk: templates, scheduleDesk: schedules } = coordinator;
  const add = (values: Record<string, string>) => schedules.add({ name: 'x', template: { name: 'build', values }, when: { every: 3600 } });
  await expect(add({ target: 'all' })).rejects.toMatchObject({ code: 'TEMPLATE_NOT_FOUND' });
  await templates.add(build);
  await expect(add({})).rejects.toMatchObject({ code: 'INVALID_VALUES' });
  await add({ target: 'all' });
  await expect(templates.remove('build')).rejects.toMatchObject({ code: 'TEMPLATE_IN_USE' });
  const pass = async () => {
    clock.pass(HOUR_MS);
    for (let i = 0; i < 20; i += 1) await new Promise(setImmediate);
  };
  await pass();
  const [id = ''] = schedules.get('x').running;
  expect((await held.store.job(id))?.job).toMatchObject({ project: 'all', trigger: { type: 'schedule' } });
  await coordinator.cancel(id);
  await templates.replace('build', { job: {}, parameters: [{ name: 'other' }] });
  await pass();
  expect(schedules.get('x').results[0]).toMatchObject({ skipped: 'refused', reason: expect.stringContaining('target') });
});
