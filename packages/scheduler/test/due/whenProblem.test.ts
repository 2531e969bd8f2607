import { expect, test } from '@jest/globals';
import type { When } from '@skep/protocol';
import { planRuns } from '../../src/due/planRuns.js';
import { whenProblem } from '../../src/due/whenProblem.js';

test.each<[when: When, place: [field: string, from: number, length: number], message: RegExp]>([
  [{ cron: '61 * * * *' }, ['cron', 0, 2], /minute 61/],
  [{ cron: '0  25 * * *' }, ['cron', 3, 2], /hour 25/],
  [{ cron: '0 0 * * FOO' }, ['cron', 8, 3], /day of the week FOO/],
  [{ cron: '0 0 5-1 * *' }, ['cron', 4, 3], /day of the month 5-1/],
  [{ cron: '*/0 * * * *' }, ['cron', 0, 3], /minute/],
  [{ cron: '0 3 *' }, ['cron', 5, 0], /the month, the day of the week|month, the day of the week are missing/],
  [{ cron: '0 3 * * * *' }, ['cron', 10, 1], /6 fields; five are wanted/],
  [{ cron: '2026-01-01T00:00:00' }, ['cron', 0, 19], /minute/],
  [{ cron: '@reboot' }, ['cron', 0, 7], /@daily/],
  [{ cron: '0 0 30 2 *' }, ['cron', 0, 10], /No such day/],
  [{ cron: '0 3 * * *', zone: 'Europe/Wien' }, ['zone', 0, 11], /Europe\/Wien/],
  [{ every: 60, zone: 'nowhere' }, ['zone', 0, 7], /nowhere/],
])('%j is wrong there and says why', (when, [field, from, length], message) =>
  expect(whenProblem(when)).toEqual({ field, from, length, message: expect.stringMatching(message) }),
);

test.each<[When]>([
  [{ cron: '0 3 * * MON-FRI' }],
  [{ cron: ' 5,35 */2 L * 1#2 ', zone: 'Europe/Vienna' }],
  [{ cron: '@daily' }],
  [{ cron: '0 0 29 2 *' }],
  [{ every: 60 }],
  [{ every: 'weekly', zone: 'America/New_York' }],
])('%j is right', (when) => expect(whenProblem(when)).toBeUndefined());

test.each<[what: string, policy: 'skip' | 'once' | 'all', due: number[], run: [number, boolean][], missed: number[]]>([
  [
    'on time, all run',
    'skip',
    [990, 1000],
    [
      [990, false],
      [1000, false],
    ],
    [],
  ], // prettier-ignore
  ['missed ones are skipped', 'skip', [1, 2], [], [1, 2]],
  ['the last of those missed runs once', 'once', [1, 2], [[2, true]], [1]],
  ['one on time makes up for those before', 'once', [1, 2, 1000], [[1000, false]], [1, 2]],
  [
    'all run',
    'all',
    [1, 2, 1000],
    [
      [1, true],
      [2, true],
      [1000, false],
    ],
    [],
  ], // prettier-ignore
  ['nothing is due', 'all', [], [], []],
])('%s', (_, policy, due, run, missed) => {
  const now = 1_000_000;
  const inSeconds = planRuns(
    due.map((s) => s * 1000),
    now,
    policy,
  ); // prettier-ignore
  expect(inSeconds.run.map(({ due: at, isMadeUp }) => [at / 1000, isMadeUp])).toEqual(run);
  expect(inSeconds.missed.map((at) => at / 1000)).toEqual(missed);
});
