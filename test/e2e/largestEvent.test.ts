import { expect, test } from '@jest/globals';
import { Limits, MAX_EVENT_BYTES } from '@skep/protocol';
import { startDrone } from '../helpers/startDrone.js';
import { TestQueen } from '../helpers/startQueen.js';

test('the smallest maxPayload that a queen may have takes the largest event that a drone sends', async () => {
  const smallest = 5 * 1024 * 1024;
  expect(() => Limits.parse({ maxPayload: smallest - 1 })).toThrow('maxPayload');
  await using queen = await TestQueen.start({ limits: { maxPayload: smallest } });
  const result = 'x'.repeat(MAX_EVENT_BYTES - 2048);
  await using _drone = await startDrone(queen.url, { handlers: { large: async () => result } });
  const { outcome, attempts } = await queen.done(await queen.submit({ job_type: 'large' }));
  expect([outcome, attempts.length]).toEqual(['passed', 1]);
});
