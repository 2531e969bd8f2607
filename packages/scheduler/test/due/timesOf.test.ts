import { describe, expect, test } from '@jest/globals';
import type { When } from '@skep/protocol';
import { Cron } from 'croner';
import fc from 'fast-check';
import { localTime } from '../../src/due/localTime.js';
import { timesOf } from '../../src/due/timesOf.js';

const VIENNA = 'Europe/Vienna';
const at = (text: string): number => Date.parse(text);

/** The times within a span as people on the spot read them. */
const localTimes = (when: When, from: string, to: string): string[] =>
  timesOf(when, 'nightly', at(from))
    .within(at(from), at(to), 1000)
    .map((ms) => localTime(ms, when.zone ?? 'UTC'));

describe('the times of a schedule', () => {
  test.each<[what: string, when: When, from: string, to: string, times: string[]]>([
    [
      'a fixed time in the hour that is left out runs at its end',
      { cron: '30 2 * * *', zone: VIENNA },
      '2026-03-28T00:00Z',
      '2026-03-31T00:00Z',
      ['2026-03-28T02:30:00+01:00', '2026-03-29T03:00:00+02:00', '2026-03-30T02:30:00+02:00'],
    ],
    [
      'so does each of a list of them',
      { cron: '30 2,14 * * *', zone: VIENNA },
      '2026-03-29T00:00Z',
      '2026-03-29T22:00Z',
      ['2026-03-29T03:00:00+02:00', '2026-03-29T14:30:00+02:00'],
    ],
    [
      'a fixed time in the hour that comes twice runs the first time',
      { cron: '30 2 * * *', zone: VIENNA },
      '2026-10-24T12:00Z',
      '2026-10-26T12:00Z',
      ['2026-10-25T02:30:00+02:00', '2026-10-26T02:30:00+01:00'],
    ],
    [
      'every half hour goes on through the hour that comes twice',
      { cron: '*/30 * * * *', zone: VIENNA },
      '2026-10-25T00:00Z',
      '2026-10-25T02:00Z',
      ['2026-10-25T02:30:00+02:00', '2026-10-25T02:00:00+01:00', '2026-10-25T02:30:00+01:00', '2026-10-25T03:00:00+01:00'],
    ],
    [
      'and skips the hour that is left out',
      { cron: '*/30 * * * *', zone: VIENNA },
      '2026-03-29T00:00Z',
      '2026-03-29T01:30Z',
      ['2026-03-29T01:30:00+01:00', '2026-03-29T03:00:00+02:00', '2026-03-29T03:30:00+02:00'],
    ],
    [
      'a zone whose days change by half an hour',
      { cron: '15 2 * * *', zone: 'Australia/Lord_Howe' },
      '2026-10-02T10:00Z',
      '2026-10-04T10:00Z',
      ['2026-10-03T02:15:00+10:30', '2026-10-04T02:30:00+11:00'],
    ],
    [
      'without a zone it is UTC',
      { cron: '0 3 * * MON' },
      '2026-11-01T00:00Z',
      '2026-11-16T03:00Z',
      ['2026-11-02T03:00:00+00:00', '2026-11-09T03:00:00+00:00', '2026-11-16T03:00:00+00:00'],
    ],
    [
      'a duration counts from its anchor, whatever clocks on walls do',
      { every: 5400, zone: VIENNA },
      '2026-10-25T00:00Z',
      '2026-10-25T03:10Z',
      ['2026-10-25T02:30:00+01:00', '2026-10-25T04:00:00+01:00'],
    ],
    [
      'the end is in it, the beginning is not',
      { cron: '0 * * * *' },
      '2026-01-01T01:00Z',
      '2026-01-01T02:00Z',
      ['2026-01-01T02:00:00+00:00'],
    ],
    [
      '29 February',
      { cron: '0 0 29 2 *' },
      '2025-01-01T00:00Z',
      '2033-01-01T00:00Z',
      ['2028-02-29T00:00:00+00:00', '2032-02-29T00:00:00+00:00'],
    ],
  ])('%s', (_, when, from, to, times) => expect(localTimes(when, from, to)).toEqual(times));

  test('what is hourly, daily or weekly runs once in each, and not all at once', () => {
    const minutesOf = (every: 'hourly' | 'daily' | 'weekly', periodMs: number) =>
      Array.from({ length: 100 }, (_, i) => {
        const [first = 0, second = 0] = timesOf({ every }, `job-${i}`, 0).after(at('2026-01-05T00:00Z'), 2);
        expect(second - first).toBe(periodMs);
        return first;
      });
    expect(new Set(minutesOf('hourly', 3_600_000)).size).toBeGreaterThan(40);
    expect(new Set(minutesOf('daily', 86_400_000)).size).toBeGreaterThan(90);
    expect(new Set(minutesOf('weekly', 7 * 86_400_000)).size).toBeGreaterThan(95);
  });

  test('a span of ten years costs no more than what is wanted of it', () => {
    const newest = timesOf({ cron: '* * * * *' }, 'x', 0).within(at('2016-01-01T00:00Z'), at('2026-01-01T00:00Z'), 3);
    expect(newest).toEqual(['2025-12-31T23:58Z', '2025-12-31T23:59Z', '2026-01-01T00:00Z'].map(at));
    expect(timesOf({ every: 1 }, 'x', 0).within(0, at('2026-01-01T00:00Z'), 2)).toEqual(
      [-1000, 0].map((ms) => at('2026-01-01T00:00Z') + ms),
    );
  });
});

const expressions = fc.constantFrom(
  '0 3 * * *',
  '30 2 * * *',
  '*/15 * * * *',
  '30 1,2,3 * * *',
  '0 0 1 * *',
  '59 23 L * *',
  '5 4 * * SUN',
  '0 */2 * * *',
  '10-20/5 1-3 * 3,10,11 *',
);
const zones = fc.constantFrom('UTC', VIENNA, 'America/New_York', 'Australia/Lord_Howe', 'America/Santiago', 'Asia/Kolkata');
/** Instants around both edges of daylight saving, in ms. */
const instants = fc
  .tuple(fc.constantFrom('2026-03-08', '2026-03-29', '2026-04-05', '2026-09-06', '2026-10-04', '2026-10-25', '2026-11-01'), fc.integer())
  .map(([day, offset]) => at(`${day}T00:00Z`) + (offset % (3 * 86_400_000)));

describe('for any expression, zone and span', () => {
  test('the times are those that croner steps through, however the span is cut', () => {
    fc.assert(
      fc.property(
        expressions,
        zones,
        instants,
        fc.array(fc.integer({ min: 1, max: 30_000_000 }), { maxLength: 3 }),
        (cron, zone, from, steps) => {
          const times = timesOf({ cron, zone }, 'x', 0);
          const theirs = new Cron(cron, { timezone: zone, fixedTimeRule: 'no-wildcard', paused: true });
          const cuts = [from, ...steps.map((_, i) => steps.slice(0, i + 1).reduce((sum, step) => sum + step, from))];
          const to = cuts.at(-1) ?? from;
          const expected: number[] = [];
          for (let next = theirs.nextRun(new Date(from)); next && Number(next) <= to; next = theirs.nextRun(next))
            expected.push(Number(next));
          const pieces = cuts.slice(1).flatMap((end, i) => times.within(cuts[i] ?? from, end, 10_000));
          expect(pieces).toEqual(expected);
          expect(times.within(from, to, 3)).toEqual(expected.slice(-3));
          expect(times.after(from, expected.length)).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('periods are as far apart as they say, however the span is cut', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 6000, max: 100_000 }),
        instants,
        fc.nat(500_000_000),
        fc.nat(500_000_000),
        (every, anchor, first, second) => {
          const times = timesOf({ every }, 'x', anchor);
          const [middle, to] = [anchor + first, anchor + first + second];
          const whole = times.within(anchor, to, 100_000);
          expect([...times.within(anchor, middle, 100_000), ...times.within(middle, to, 100_000)]).toEqual(whole.slice(-whole.length));
          expect(whole.every((time, i) => time === (whole[i - 1] ?? time - every * 1000) + every * 1000)).toBe(true);
          expect(times.after(to, 1)[0]).toBeGreaterThan(to);
        },
      ),
      { numRuns: 50 },
    );
  });
});
