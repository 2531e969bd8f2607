import { expect, test } from '@jest/globals';
import { type ErrorMatcher, errorIn, errorPattern } from '@skep/protocol';

test.each<[line: string, matcher: ErrorMatcher | undefined]>([
  ['src/store.c:214:9: error: lease undeclared', 'message'],
  ['src/store.c:1:10: fatal error: lease.h: No such file or directory', 'message'],
  ['error[E0308]: mismatched types', 'message'],
  ['TypeError: x is not a function', 'thrown'],
  ['java.io.IOException: no', 'thrown'],
  ['AssertionError [ERR_ASSERTION]: 1 == 2', 'thrown'],
  ['see TypeError: it is documented', undefined],
  ['Uncaught Error: no', 'message'],
  ['java.lang.Exception: no', 'message'],
  ['panic: runtime error: index out of range', 'message'],
  ['ERROR in ./src/index.ts', undefined],
  ['ERROR: the build failed', 'message'],
  ['error!', 'message'],
  ['throw new Error(message)', 'message'],
  ['no errors: all fine', undefined],
  ['0 errors, 2 warnings', undefined],
  ['a terror: of films', undefined],
  ['compiling error.c', undefined],
  ['FAIL src/a.test.ts', 'test'],
  ['  FAILED tests/test_a.py::test_b', 'test'],
  ['not ok 3 - adds', 'test'],
  ['E   assert 1 == 2', 'test'],
  ['  ✗ adds', 'test'],
  ["thread 'main' panicked at: panic!", 'message'],
  ['-- Installing: /usr/include/errors.h', undefined],
  ['it may fail', undefined],
  ['failover is on', undefined],
  ['Traceback (most recent call last):', 'traceback'],
  ['Tests: 3 failed, 12 passed', 'summary'],
  ['10 failures', 'summary'],
  ['1 failure', 'summary'],
  ['Tests: 0 failed, 12 passed', undefined],
  ['took 0.5 failed', undefined],
  ['', undefined],
])('%s tells of an error by: %s', (line, matcher) => {
  expect(errorIn(line)).toBe(matcher);
  expect(errorPattern.test(line)).toBe(matcher !== undefined);
});
