import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { tempDir } from '../../../test/helpers/tempDir.js';
import { startFleet } from './helpers/startFleet.js';

test('skep template adds, runs with values, is used by a schedule, and is removed', async () => {
  await using fleet = await startFleet({ capacities: [1] });
  await using folder = await tempDir();
  const file = join(folder.path, 'greet.yaml');
  await writeFile(
    file,
    'parameters: [{ name: who }, { name: times, type: number, default: 1 }]\njob: { priority: "{{times}}", phases: { test: ["echo to {{who}}"] } }\n',
  );
  expect(await fleet.skep(['template', 'add', 'greet', '--file', file])).toMatchObject({ exitCode: 0 });
  expect(await fleet.skep(['template', 'add', 'greet', '--file', file])).toMatchObject({ exitCode: 6 });
  const { stdout } = await fleet.skep(['template', 'run', 'greet', '--value', "who=$(id); echo 'x", '--value', 'times=2']);
  const id = String(stdout).trim();
  expect(await fleet.skep(['wait', id])).toMatchObject({ exitCode: 0 });
  expect((await fleet.skep(['logs', id])).stdout).toContain("to $(id); echo 'x");
  const many = [
    'template',
    'run',
    'greet',
    '--id',
    'many',
    '--matrix',
    'who=bee,ant',
    '--matrix',
    'times=1,2',
    '--exclude',
    'who=ant,times=2',
  ];
  expect(await fleet.skep(many)).toMatchObject({ exitCode: 0, stdout: 'many\n' });
  expect(await fleet.skep(['wait', 'many'])).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^ +who bee, times 2 +passed/m) });
  expect(await fleet.skep(['logs', 'many~ant~1'])).toMatchObject({ stdout: 'to ant\n' });
  expect(await fleet.skep(['logs', 'many'])).toMatchObject({ stdout: '', stderr: expect.stringContaining('skep jobs --parent many') });
  const wrong = await fleet.skep(['template', 'run', 'greet', '--value', 'woh=bee']);
  expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('did you mean who?') });
  const add = ['schedule', 'add', 'greetings', '--every', 'daily', '--template', 'greet', '--matrix', 'who=bee,ant'];
  expect(await fleet.skep(add)).toMatchObject({ exitCode: 0 });
  expect(await fleet.skep(['template', 'rm', 'greet'])).toMatchObject({ exitCode: 6, stderr: expect.stringContaining('greetings') });
  await fleet.skep(['schedule', 'rm', 'greetings']);
  expect((await fleet.skep(['template', 'ls'])).stdout).toMatch(/^greet +who times/m);
  expect((await fleet.skep(['template', 'show', 'greet'])).stdout).toMatch(/^times +number +1/m);
  expect(await fleet.skep(['template', 'rm', 'greet'])).toMatchObject({ exitCode: 0 });
  expect(await fleet.skep(['template', 'show', 'greet'])).toMatchObject({ exitCode: 5 });
});
