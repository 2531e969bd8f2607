import { describe, expect, test } from '@jest/globals';
import type { JobSummary, Waiting } from '@skep/protocol';
import { nearest } from '@skep/protocol';
import { exitOfJob } from '../src/exitCodes.js';
import { wantsColour } from '../src/print/paint.js';
import { Timestamps } from '../src/print/Timestamps.js';
import { tableLines } from '../src/print/table.js';
import { spanWords, waitingWords } from '../src/print/words.js';

describe('why a job waits', () => {
  test.each<[Waiting | null, string]>([
    [null, 'queued'],
    [{ reason: 'no-drone' }, 'queued: no drone is connected'],
    [
      { reason: 'unmet-requirements', which: ['labels.os=linux', 'minSpeed=100'] },
      'queued: no drone has label os=linux and a speed of 100',
    ],
    [{ reason: 'all-busy', position: 1, drone: 'b' }, 'queued: next on drone b'],
    [{ reason: 'all-busy', position: 3, drone: 'b' }, 'queued behind 2 on drone b'],
    [{ reason: 'all-busy', position: 3 }, 'queued behind 2'],
    [{ reason: 'paused', drones: ['a', 'b'] }, 'queued: every drone that could run it is paused (a, b)'],
    [{ reason: 'group-full', group: 'deploy' }, 'queued: the group deploy is full'],
    [{ reason: 'waiting-for-jobs', jobs: ['x', 'y'], count: 2 }, 'queued: waits for x, y'],
    [{ reason: 'waiting-for-jobs', jobs: ['x', 'y'], count: 12 }, 'queued: waits for x, y and 10 more'],
  ])('%j', (waiting, words) => expect(waitingWords(waiting)).toBe(words));
});

describe('the exit code of a run', () => {
  test.each<[JobSummary['outcome'], number | null, number]>([
    ['passed', 0, 0],
    ['failed', 2, 2],
    ['failed', 143, 143],
    ['failed', 256, 1],
    ['failed', null, 1],
    ['timed-out', 143, 124],
    ['cancelled', null, 130],
    ['errored', null, 125],
    ['lost', null, 125],
  ])('%s with code %s', (outcome, exitCode, exit) => expect(exitOfJob({ outcome, exitCode })).toBe(exit));
});

test.each([
  ['prot', 'port'],
  ['lgos', 'logs'],
  ['xyzzy', undefined],
])('what is nearest to %s', (word, meant) => expect(nearest(word, ['port', 'host', 'logs'])).toBe(meant));

test.each([
  [420, '420 ms'],
  [8240, '8.2 s'],
  [59_400, '59 s'],
  [192_000, '3 m 12 s'],
  [7_500_000, '2 h 5 m'],
])('%d ms in words', (ms, words) => expect(spanWords(ms)).toBe(words));

test.each<[string, Parameters<typeof wantsColour>, boolean]>([
  ['on a terminal', ['auto', {}, true], true],
  ['not in a pipe', ['auto', {}, false], false],
  ['not with NO_COLOR', ['auto', { NO_COLOR: '1' }, true], false],
  ['with FORCE_COLOR in a pipe', ['auto', { FORCE_COLOR: '1' }, false], true],
  ['NO_COLOR wins', ['auto', { NO_COLOR: '1', FORCE_COLOR: '1' }, true], false],
  ['not on a dumb terminal', ['auto', { TERM: 'dumb' }, true], false],
  ['the flag wins', ['always', { NO_COLOR: '1' }, false], true],
])('colour: %s', (_, args, wanted) => expect(wantsColour(...args)).toBe(wanted));

test('columns are as wide as what they show, paint aside', () => {
  expect(
    tableLines([
      ['a', { plain: 'bb', painted: '<bb>' }, 'c'],
      ['aaa', 'b', ''],
    ]),
  ).toEqual(['a    <bb>  c', 'aaa  b']);
});

test('each line bears its time once, also where it comes in pieces', () => {
  const stamps = new Timestamps();
  const pieces = [
    stamps.stamp(Buffer.from('a\nb'), 0, 'out'),
    stamps.stamp(Buffer.from('c\n'), 1, 'out'),
    stamps.stamp(Buffer.from('d'), 2, 'out'),
  ];
  const other = stamps.stamp(Buffer.from('e\n'), 3, 'err');
  const at = (ms: number): string => `1970-01-01T00:00:00.00${ms}Z`;
  expect(Buffer.concat([...pieces, other]).toString()).toBe(`${at(0)} a\n${at(0)} bc\n${at(2)} d\n${at(3)} e\n`);
});
