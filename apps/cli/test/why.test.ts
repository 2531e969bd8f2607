import { describe, expect, test } from '@jest/globals';
import type { JobWhy } from '@skep/protocol';
import { painter } from '../src/print/paint.js';
import { whyLines } from '../src/print/whyLines.js';
import { startFleet } from './helpers/startFleet.js';

describe('skep why', () => {
  test('says what stands between a job and each drone, and what would help', async () => {
    await using fleet = await startFleet({ capacities: [1] });
    await fleet.skep(['run', '--detach', '--no-repo', '--id', 'waits', '--label', 'gpu=a100', '--', 'true']);
    const { stdout, exitCode } = await fleet.skep(['why', 'waits']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^job +waits\nstatus +queued: no drone has label gpu=a100\n/);
    expect(stdout).toMatch(/^no drone that is known has all that it requires$/m);
    expect(stdout).toMatch(/^d0 +never +has no label gpu=a100$/m);
    expect(stdout).toMatch(/^what would let it start:\n {2}start a drone with labels\.gpu=a100\n/m);
    expect(JSON.parse(String((await fleet.skep(['why', 'waits', '--json'])).stdout))).toMatchObject({ id: 'waits', canEverRun: false });
    expect(await fleet.skep(['why', 'none'])).toMatchObject({ exitCode: 5, stderr: expect.stringMatching(/^try: /m) });
  });

  const now = 1_000_000;
  const answer: JobWhy = {
    id: 'a',
    status: 'queued',
    waiting: { reason: 'all-busy', position: 2, drone: 'd' },
    position: 2,
    verdicts: [{ drone: 'd', name: 'd', when: 'busy', reason: 'busy', why: 'runs 1 of 1' }],
    unblock: [{ action: 'free-slot', words: 'wait for a free slot' }],
    canEverRun: true,
    estimate: {
      usual: { runs: 3, low: 10_000, likely: 20_000, high: 30_000 },
      start: { low: now + 5000, likely: now + 8000, high: now + 20_000 },
      end: null,
    },
  };

  test('says how long it will take with its spread, and nothing of what is not known', () =>
    expect(whyLines(answer, now, painter(false))).toEqual([
      'job      a',
      'status   queued behind 1 on drone d',
      'in line  2',
      'starts   in about 8.0 s (5.0 s to 20 s)',
      'usually  20 s (10 s to 30 s, from 3 runs)',
      '',
      'DRONE  TAKES IT  WHY',
      'd      busy      runs 1 of 1',
      '',
      'what would let it start:',
      '  wait for a free slot',
    ]));
});
