import { expect, test } from '@jest/globals';
import { keptRows } from '../src/settings/keptWords.js';

test.each([
  ['nothing is said', {}, ['for ever', 'for ever', '30 days']],
  ['one bound', { passed: { days: 1 } }, ['1 day', 'for ever', '30 days']],
  [
    'all bounds',
    { failed: { days: 90, jobs: 1000, bytes: 50_000_000_000 }, caches: { days: 7, bytes: 1_000_000_000 } },
    ['for ever', '90 days; the newest 1,000 of each project; up to 50 GB', '7 days; up to 1.0 GB'],
  ],
])('what is kept where %s', (_, retention, bounds) => expect(keptRows(retention).map(([, each]) => each)).toEqual(bounds));

test('a project with bounds of its own has rows of its own', () =>
  expect(keptRows({ passed: { days: 90 }, projects: { web: { passed: { jobs: 5 } } } })).toEqual([
    ['jobs that passed', '90 days'],
    ['all other jobs', 'for ever'],
    ['jobs of web that passed', 'the newest 5'],
    ['all other jobs of web', 'for ever'],
    ['caches that nobody uses', '30 days'],
  ]));
