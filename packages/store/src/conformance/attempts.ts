import { describe, expect, test } from '@jest/globals';
import { aCommand, aJob, anAttempt, aRunningJob, NOW } from './samples.js';
import { type Open, useStore } from './useStore.js';

/** Attempts, their leases and their commands. */
export function describeAttempts(open: Open): void {
  describe('attempts', () => {
    const opened = useStore(open);

    test('an attempt is kept whole, and all of it is replaced', async () => {
      const { store } = opened();
      const ended = anAttempt('a', 1, {
        queuedAt: 1,
        startedAt: 2,
        phaseStartedAt: 3,
        testedAt: 4,
        finishedAt: 5,
        endedAt: 6,
        outcome: 'errored',
        reason: 'no space',
        error: { code: 'X', message: 'y' },
        phase: 'deploy',
        deployBegan: true,
        testCode: 0,
        testTimeMs: 7,
        deployCode: -1,
        deployTimeMs: 8,
        exitCode: 143,
        signal: 'SIGTERM',
        progress: { done: 0.5 },
        result: ['text', null, { deep: [1] }],
        events: 9,
        outputBytes: 2 ** 40,
        outputLines: 11,
        outputState: 'partial',
        sha256: 'b'.repeat(64),
        missing: 'the last 3 events',
        gaps: [{ firstByte: 2 ** 40, firstLine: 11, why: 'lost' }],
      });
      await store.commit(aRunningJob('a'));
      expect(await store.attempts('a')).toEqual([anAttempt('a', 1)]);
      await store.commit([{ type: 'attempt', record: ended }]);
      expect(await store.attempts('a')).toEqual([ended]);
    });

    test('a second live lease of a job is refused; after the end of the first it is granted', async () => {
      const { store } = opened();
      await store.commit(aRunningJob('a'));
      const second = { type: 'attempt', record: anAttempt('a', 2, { attempt: 2 }) } as const;
      await expect(store.commit([second])).rejects.toMatchObject({ code: 'STORE_FAILED' });
      await store.commit([{ type: 'attempt', record: anAttempt('a', 1, { endedAt: NOW }) }, second]);
      expect((await store.attempts('a')).map(({ attempt, endedAt }) => [attempt, endedAt])).toEqual([
        [1, NOW],
        [2, null],
      ]);
    });

    test('an ended lease does not come to life beside another', async () => {
      const { store } = opened();
      await store.commit([
        ...aRunningJob('a'),
        { type: 'attempt', record: anAttempt('a', 1, { endedAt: NOW }) },
        { type: 'attempt', record: anAttempt('a', 2, { attempt: 2 }) },
      ]);
      await expect(store.commit([{ type: 'attempt', record: anAttempt('a', 1) }])).rejects.toMatchObject({ code: 'STORE_FAILED' });
    });

    test.each([
      ['an attempt at a job that is not there', { type: 'attempt', record: anAttempt('nobody', 5) }],
      ['an attempt under another lease than its own', { type: 'attempt', record: anAttempt('a', 5) }],
      ['a command of an attempt that is not there', { type: 'command', record: aCommand('a', 0, { attempt: 2 }) }],
    ] as const)('%s is refused', async (_, change) => {
      const { store } = opened();
      await store.commit(aRunningJob('a'));
      await expect(store.commit([change])).rejects.toMatchObject({ code: 'STORE_FAILED' });
    });

    test('a lease that another attempt has is refused', async () => {
      const { store } = opened();
      await store.commit([...aRunningJob('a'), { type: 'job', record: aJob('b') }]);
      await expect(store.commit([{ type: 'attempt', record: anAttempt('b', 1) }])).rejects.toMatchObject({ code: 'STORE_FAILED' });
    });

    test('the greatest lease is known, whichever came last', async () => {
      const { store } = opened();
      expect(await store.lastLease()).toBe(0);
      await store.commit([...aRunningJob('a', 40), ...aRunningJob('b', 12)]);
      expect(await store.lastLease()).toBe(40);
    });

    test('commands come by number, each attempt with its own, and all of them is replaced', async () => {
      const { store } = opened();
      const blank = aCommand('a', -1, { phase: null, cmd: '[initializing]', screencmd: 'shown', startedAt: null });
      const ended = aCommand('a', 1, {
        exitCode: 130,
        signal: 'SIGINT',
        finishedAt: 5,
        firstSeq: 2,
        lastSeq: 9,
        outBytes: 2 ** 33,
        errBytes: 4,
      });
      await store.commit([
        ...aRunningJob('a', 1),
        ...aRunningJob('b', 2),
        { type: 'command', record: aCommand('b', 0) },
        { type: 'command', record: aCommand('a', 1) },
        { type: 'command', record: blank },
        { type: 'command', record: aCommand('a', 1_000_000) },
        { type: 'command', record: ended },
      ]);
      expect(await store.commands('a', 1)).toEqual([blank, ended, aCommand('a', 1_000_000)]);
      expect(await store.commands('b', 1)).toEqual([aCommand('b', 0)]);
      expect(await store.commands('a', 2)).toEqual([]);
      expect(await store.commands('nobody', 1)).toEqual([]);
    });

    test('a job that is not there has no attempts', async () => {
      expect(await opened().store.attempts('nobody')).toEqual([]);
    });
  });
}
