import { jest } from '@jest/globals';

// Tests of real processes share a machine with whatever else runs there. Where nobody looks on, a failure is printed and
// the test gets one more chance; at a desk it fails at once, so that it is looked into.
if (process.env.CI) jest.retryTimes(1, { logErrorsBeforeRetry: true });
