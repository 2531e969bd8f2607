import { expect, test } from '@jest/globals';
import { startFleet } from './helpers/startFleet.js';

test('skep schedule adds, shows, changes, pauses, runs and removes', async () => {
  await using fleet = await startFleet({ capacities: [1] });
  const skep = async (...args: string[]) => {
    const { stdout, stderr, exitCode } = await fleet.skep(['schedule', ...args]);
    return { stdout: String(stdout), stderr: String(stderr), exitCode };
  };
  const added = await skep('add', 'nightly', '--cron', '30 2 * * *', '--zone', 'Europe/Vienna', '--', 'echo', 'from a schedule');
  expect(added).toMatchObject({
    exitCode: 0,
    stderr: expect.stringMatching(/nightly is added; it runs next at \d{4}-.*T02:30:00\+0[12]:00/),
  });
  expect(await skep('add', 'nightly', '--every', 'daily', '--', 'true')).toMatchObject({
    exitCode: 6,
    stderr: expect.stringContaining('already'),
  });
  const wrong = await skep('add', 'other', '--cron', '30 25 * * *', '--', 'true');
  expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/hour 25.*\(character 4\)/s) });
  expect(await skep('show', 'nigthly')).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('did you mean nightly?') });
  expect((await skep('next', 'nightly', '-n', '3')).stdout.trim().split('\n')).toEqual(Array(3).fill(expect.stringContaining('T02:30:00')));
  await skep('set', 'nightly', '--every', '90m', '--overlap', 'queue');
  await skep('pause', 'nightly', '--reason', 'the lab moves');
  expect((await skep('ls')).stdout).toMatch(/^nightly +every 5400 s +paused: the lab moves +- +echo from a schedule$/m);
  const id = (await skep('run', 'nightly')).stdout.trim();
  expect(await fleet.skep(['wait', id])).toMatchObject({ exitCode: 0 });
  const shown = (await skep('show', 'nightly')).stdout;
  expect(shown).toMatch(/^overlap +queue$/m);
  expect(shown).toMatch(new RegExp(`^by hand +passed +${id}$`, 'm'));
  expect(await skep('resume', 'nightly')).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('runs next at') });
  await skep('add', 'often', '--every', '1s', '--', 'true');
  const isMade = async () => /"outcome":"passed"/.test((await skep('show', 'often', '--json')).stdout);
  while (!(await isMade())) await new Promise((resolve) => setTimeout(resolve, 100));
  await skep('rm', 'often');
  expect(await skep('rm', 'nightly')).toMatchObject({ exitCode: 0 });
  expect((await skep('ls')).stderr).toContain('no schedule yet');
  expect(await skep('ad', 'x')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('did you mean add?') });
});
