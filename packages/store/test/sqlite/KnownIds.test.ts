import { expect, test } from '@jest/globals';
import { KnownIds } from '../../src/sqlite/KnownIds.js';

test.each([
  ['alike', (n: number) => `build-${n}`],
  ['numbers', (n: number) => String(n)],
  ['long', (n: number) => `${'x'.repeat(100)}${n}${'y'.repeat(20)}`],
])('none of ids that are %s is denied, in one layer or several, and few are taken for others', (_, idOf) => {
  const known = new KnownIds(4096);
  const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => idOf(from + n));
  for (const id of ids(0, 10_000)) known.add(id);
  expect(ids(0, 10_000).filter((id) => !known.mayHave(id))).toEqual([]);
  // One in 1,700 for each layer that is full.
  expect(ids(10_000, 30_000).filter((id) => known.mayHave(id)).length).toBeLessThan(60);
});

test('an empty one knows nothing', () => expect(new KnownIds().mayHave('')).toBe(false));
