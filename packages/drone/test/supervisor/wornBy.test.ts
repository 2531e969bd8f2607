import { expect, test } from '@jest/globals';
import { EXECUTOR_LIMITS, wornBy } from '../../src/supervisor/wornBy.js';
import { VERSION } from '../../src/version.js';

const fresh = { version: VERSION, ageMs: 1000, attempts: 3, memoryBytes: 100 * 1024 ** 2 };

test.each([
  ['fresh', {}, undefined],
  ['old', { ageMs: EXECUTOR_LIMITS.maxAgeMs }, 'it is 1440 min old'],
  ['much used', { attempts: 1000 }, 'it has run 1000 attempts'],
  ['large', { memoryBytes: 1.5 * 1024 ** 3 }, 'it holds 1.5 GiB of memory'],
  ['from before an upgrade', { version: '0.0.1' }, 'it is of version 0.0.1'],
])('an executor that is %s', (_, condition, why) => {
  expect(wornBy({ ...fresh, ...condition }, EXECUTOR_LIMITS)).toBe(why);
});
