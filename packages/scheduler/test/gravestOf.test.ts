import { expect, test } from '@jest/globals';
import { Outcome } from '@skep/protocol';
import { gravestOf, gravity } from '@skep/scheduler';

test('every outcome has its gravity', () => expect(gravity.toSorted()).toEqual(Outcome.options.toSorted()));

test.each<[Outcome[], Outcome]>([
  [[], 'cancelled'],
  [['passed', 'passed'], 'passed'],
  [['passed', 'failed', 'passed'], 'failed'],
  [['cancelled', 'passed'], 'cancelled'],
  [['lost', 'cancelled'], 'lost'],
  [['errored', 'lost'], 'errored'],
  [['timed-out', 'errored'], 'timed-out'],
  [['lost', 'timed-out', 'failed'], 'failed'],
])('the gravest of %j is %s', (outcomes, gravest) => {
  expect(gravestOf(outcomes)).toBe(gravest);
  expect(gravestOf(outcomes.toReversed())).toBe(gravest);
});
