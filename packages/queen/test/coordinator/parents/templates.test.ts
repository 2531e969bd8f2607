import { expect, test } from '@jest/globals';
import type { TemplateBody } from '@skep/protocol';
import { aCoordinator } from '../../helpers/aCoordinator.js';

const template: TemplateBody = {
  name: 'build',
  parameters: [{ name: 'node' }, { name: 'level', type: 'number', default: 1 }, { name: 'fast', type: 'boolean', default: false }],
  job: { project: 'web', ref: { branch: 'v{{node}}' }, priority: '{{level}}', phases: { test: ['make {{node}}{{#fast}} -j{{/fast}}'] } },
};

async function aQueen() {
  const queen = await aCoordinator();
  await queen.coordinator.templateDesk.add(template);
  return queen;
}

test('a template is filled for each cell: an axis named as a parameter gives its value, and requires nothing', async () => {
  const { coordinator, held } = await aQueen();
  const matrix = { platform: ['debian-12'], node: [20, 22], gpu: [true] };
  await coordinator.templateDesk.run('build', { id: 'p', values: { level: 3 }, matrix });
  const jobs = await Promise.all((await held.store.children('p')).map(async ({ id }) => (await held.store.job(id))!));
  expect(jobs.map(({ id }) => id)).toEqual(['p~debian-12~20~true', 'p~debian-12~22~true']);
  expect(jobs[1]).toMatchObject({
    project: 'web',
    priority: 3,
    cell: { platform: 'debian-12', node: 22, gpu: true },
    job: {
      ref: { branch: 'v22' },
      env: { SKEP_VALUE_node: '22', SKEP_MATRIX_NODE: '22', SKEP_MATRIX_GPU: 'true', SKEP_MATRIX_PLATFORM: 'debian-12' },
      requires: { platform: 'debian-12', labels: { gpu: 'true' } },
      concurrency: { group: 'web @ v22 (debian-12, node 22, gpu true)' },
    },
  });
  expect(jobs[1]?.job).not.toHaveProperty('template');
  expect((await held.store.job('p'))?.job).toMatchObject({
    matrix,
    template: { name: 'build', values: { level: 3 } },
    ref: { branch: 'v20' },
  });
});

test('a retry of the parent is filled anew, from the template as it is then', async () => {
  const { coordinator, held } = await aQueen();
  await coordinator.templateDesk.run('build', { id: 'p', matrix: { node: ['20'] } });
  await coordinator.cancel('p');
  const { name, ...spec } = template;
  await coordinator.templateDesk.replace(name, { ...spec, job: { ...spec.job, project: 'other' } });
  const { id } = await coordinator.retry('p');
  expect(await held.store.job(`${id}~20`)).toMatchObject({ project: 'other' });
});

test.each<[string, object, object]>([
  [
    'a value that is none of the parameter',
    { matrix: { node: [20], level: ['high'] } },
    { code: 'INVALID_VALUES', issues: [{ path: 'values.level' }] },
  ],
  ['no value for a parameter without a default', { matrix: { level: [1] } }, { code: 'INVALID_VALUES', issues: [{ path: 'values.node' }] }],
  [
    'a matrix without a cell',
    { matrix: { node: [1], exclude: [{ node: 1 }] } },
    { code: 'INVALID_JOB', issues: [{ path: 'matrix.exclude' }] },
  ],
])('%s is refused', async (_, body, error) => {
  const { coordinator } = await aQueen();
  await expect(coordinator.templateDesk.run('build', body)).rejects.toMatchObject(error);
  expect(coordinator.jobs.size).toBe(0);
});

test('a job cannot name a template without a matrix', async () => {
  const { coordinator } = await aQueen();
  await expect(coordinator.submit({ template: { name: 'build' } })).rejects.toMatchObject({
    code: 'INVALID_JOB',
    issues: [{ path: 'template' }],
  });
});
