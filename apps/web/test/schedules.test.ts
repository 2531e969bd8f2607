import { expect, test } from '@jest/globals';
import { comingTimes } from '../src/schedules/upcoming.js';
import { whenWords } from '../src/schedules/whenWords.js';

test.each([
  ['* * * * *', 'every minute'],
  ['*/15 * * * *', 'every 15 minutes'],
  ['*/7 * * * *', '*/7 * * * *'],
  ['5 * * * *', 'every hour, 5 past'],
  ['30 2 * * *', 'every day at 02:30'],
  ['0 9 * * 1-5', 'Mondays to Fridays at 09:00'],
  ['0 5 * * 0,3', 'Sundays, Wednesdays at 05:00'],
  ['15 4 1 * *', 'on the 1st of every month at 04:15'],
  ['15 4 1 * 1', '15 4 1 * 1'],
  ['15 4 1 6 *', '15 4 1 6 *'],
])('%s is said as: %s', (cron, words) => expect(whenWords({ cron })).toBe(words));

test('periods are said in words', () => {
  expect(whenWords({ every: 5400 })).toBe('every 1 h 30 m');
  expect(whenWords({ every: 3600 })).toBe('every 1 h');
  expect(whenWords({ every: 5 })).toBe('every 5 s');
  expect(whenWords({ every: 'daily' })).toBe('daily');
});

test('the time after a change of the clocks says by how much they changed', () => {
  const from = Date.parse('2026-10-23T12:00:00Z');
  const times = comingTimes({ cron: '0 12 * * *', zone: 'Europe/Vienna' }, 'x', from, from, 4);
  expect(times.map(({ local, shiftMinutes }) => [local, shiftMinutes])).toEqual([
    ['2026-10-24T12:00:00+02:00', 0],
    ['2026-10-25T12:00:00+01:00', -60],
    ['2026-10-26T12:00:00+01:00', 0],
    ['2026-10-27T12:00:00+01:00', 0],
  ]);
});
