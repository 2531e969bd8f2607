import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Options } from '../src/defineCommand.js';
import { LinePrefix } from '../src/run/LinePrefix.js';
import { matrixOf } from '../src/run/matrixOf.js';
import { startFleet } from './helpers/startFleet.js';

describe('the lines of a cell', () => {
  test.each<[string, string[], string]>([
    ['whole ones', ['a\nb\n'], '> a\n> b\n'],
    ['in pieces', ['a', 'b\nc', '\n'], '> ab\n> c\n'],
    ['without an end', ['a\nb'], '> a\n> b\n'],
    ['empty ones', ['\n\n'], '> \n> \n'],
    ['none', [], ''],
  ])('%s', (_, pieces, seen) => {
    const lines = new LinePrefix('> ');
    const all = [...pieces.map((piece) => lines.take(Buffer.from(piece))), lines.end()];
    expect(Buffer.concat(all).toString()).toBe(seen);
  });
});

test('flags give the axes of a matrix, and what it leaves out', () => {
  const given = { matrix: ['platform=debian-12,freebsd-14', 'node=20,22'], exclude: ['platform=freebsd-14,node=20'] };
  expect(matrixOf(new Options(given))).toEqual({
    platform: ['debian-12', 'freebsd-14'],
    node: ['20', '22'],
    exclude: [{ platform: 'freebsd-14', node: '20' }],
  });
  expect(matrixOf(new Options({}))).toBeUndefined();
  for (const wrong of [{ matrix: ['node'] }, { exclude: ['node=20'] }])
    expect(() => matrixOf(new Options(wrong))).toThrow(/--(matrix|exclude)/);
});

test('a matrix runs on each platform, its lines say where, and all of it can be waited for, listed and repeated', async () => {
  const platforms = ['debian-12', 'freebsd-14'];
  await using fleet = await startFleet({ capacities: [1, 1], droneFlags: (i) => ['--platform', platforms[i] ?? ''] });
  const script = 'echo on $SKEP_MATRIX_PLATFORM; echo $SKEP_MATRIX_PLATFORM > here; [ $SKEP_MATRIX_PLATFORM = debian-12 ]';
  const matrix = ['--matrix', 'platform=debian-12,freebsd-14'];
  const run = await fleet.skep(['run', '--id', 'p', '--no-repo', '--artifact', 'here', ...matrix, '--', script]);
  expect(run.exitCode).toBe(1);
  for (const platform of platforms) expect(run.stdout).toMatch(new RegExp(`^\\[${platform}] on ${platform}$`, 'm'));
  expect(String(run.stdout).replace(/^\[(debian-12|freebsd-14)] .*\n/gm, '')).toBe('');
  expect(run.stderr).toMatch(/^skep: \[debian-12] passed after /m);
  expect(run.stderr).toMatch(/^skep: failed: 1 of 2 passed; freebsd-14: failed after /m);
  for (const platform of platforms) expect(await readFile(join(fleet.folder, platform, 'here'), 'utf8')).toBe(`${platform}\n`);

  const wait = await fleet.skep(['wait', 'p']);
  expect(wait).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^ +freebsd-14 +failed: exit 1 +d1 /m) });
  expect((await fleet.skep(['show', 'p'])).stdout).toMatch(/^debian-12 +passed +d0 .* p~debian-12$/m);
  expect((await fleet.skep(['show', 'p~debian-12'])).stdout).toMatch(/^cell +debian-12$/m);
  const listed = async (...flags: string[]) =>
    String((await fleet.skep(['jobs', '--json', ...flags])).stdout)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).id);
  expect(await listed()).toEqual(['p']);
  expect(await listed('--parent', 'p', '--sort', 'oldest')).toEqual(['p~debian-12', 'p~freebsd-14']);

  await fleet.skep(['platform', 'drop', 'freebsd-14', '--reason', 'new disks']);
  expect((await fleet.skep(['platform', 'ls'])).stdout).toMatch(/^freebsd-14 +dropped: new disks +d1$/m);
  const alone = await fleet.skep(['run', '--no-repo', ...matrix, '--', script]);
  expect(alone).toMatchObject({ exitCode: 0, stdout: 'on debian-12\n' });
  expect(alone.stderr).toContain('1 cell is left out: platform freebsd-14 is dropped: new disks');
  await fleet.skep(['platform', 'restore', 'freebsd-14']);

  const twice = await fleet.skep(['run', '--no-repo', '--reproducible', '--artifact', 'here', '--', 'echo $SKEP_DRONE > here; echo built']);
  expect(
    String(twice.stdout)
      .split('\n')
      .filter((line) => line.endsWith('built'))
      .toSorted(),
  ).toEqual(['[build 1] built', '[build 2] built']);
  expect(twice).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('failed: not reproducible: here differs') });

  const programs = await fleet.skep(['run', '--json', '--no-repo', ...matrix, '--', 'echo hi']);
  const lines = String(programs.stdout)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toContainEqual(expect.objectContaining({ type: 'output', text: 'hi\n', cell: { platform: 'freebsd-14' } }));
  expect(lines.at(-1)).toMatchObject({ type: 'end', exit: 0, reason: 'passed' });
});
