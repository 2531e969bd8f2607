import { expect, test } from '@jest/globals';
import { waitClassOf, waitOfClass } from '@skep/store';
import fc from 'fast-check';

const WEEK_MS = 7 * 24 * 3_600_000;

test('a wait is known by its class to within 5 %, or to a millisecond where that is more', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: WEEK_MS }), (waitedMs) => {
      expect(Math.abs(waitOfClass(waitClassOf(waitedMs)) - waitedMs)).toBeLessThanOrEqual(Math.max(1, waitedMs * 0.05));
    }),
  );
});

test('a longer wait is never in a lower class', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: WEEK_MS }), fc.nat(), (waitedMs, more) => {
      expect(waitClassOf(waitedMs + more)).toBeGreaterThanOrEqual(waitClassOf(waitedMs));
    }),
  );
});

test('a clock that went back counts as no wait', () => expect(waitClassOf(-5)).toBe(0));
