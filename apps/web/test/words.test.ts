import { expect, test } from '@jest/globals';
import { ago, count, elapsed, expectedWords, ordinal, size, span } from '../src/words.js';

test.each([
  [0, '0.0 s'],
  [9_940, '9.9 s'],
  [31_000, '31 s'],
  [160_000, '2 m 40 s'],
  [11_100_000, '3 h 5 m'],
  [187_200_000, '2 d 4 h'],
])('%s ms is %s', (ms, words) => expect(span(ms)).toBe(words));

test.each([
  [1, '1st'],
  [2, '2nd'],
  [11, '11th'],
  [13, '13th'],
  [22, '22nd'],
  [104, '104th'],
])('%s is %s', (number, words) => expect(ordinal(number)).toBe(words));

test('sizes, counts and times are said as people say them', () => {
  expect([size(812), size(3_900_000), size(84_000_000)]).toEqual(['812 B', '3.9 MB', '84 MB']);
  expect([count(1, 'job'), count(3, 'job')]).toEqual(['1 job', '3 jobs']);
  expect([elapsed(62_345), elapsed(3_662_345)]).toEqual(['01:02.345', '1:01:02.345']);
  expect([ago(0, 1000), ago(0, 65_000)]).toEqual(['now', '1 m ago']);
});

test.each([
  [{ low: 1000, likely: 41_000, high: 126_000 }, 'in about 40 s (0.0 s to 2 m 5 s)'],
  [{ low: 40_000, likely: 41_000, high: 41_500 }, 'in about 40 s'],
  [{ low: 0, likely: 500, high: 31_000 }, 'any moment (30 s at most)'],
  [{ low: 0, likely: 500, high: 900 }, 'any moment; it takes longer than usual'],
])('what is expected is said with its spread', (expected, words) => expect(expectedWords(expected, 1000)).toBe(words));
