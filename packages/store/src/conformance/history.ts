import { describe, expect, test } from '@jest/globals';
import type { JobRecord } from '../records.js';
import type { Change } from '../Store.js';
import { waitClassOf } from '../waitClasses.js';
import { aJob, anAttempt, NOW } from './samples.js';
import { type Open, useStore } from './useStore.js';

/** What is read of jobs that are done: their runs, and what became of them over a span. */
export function describeHistory(open: Open): void {
  describe('the runs of a job', () => {
    const opened = useStore(open);
    let leases = 0;

    /** A job that is done after one attempt of so long. */
    const aRun = (id: string, tookMs: number, changed: Partial<JobRecord> = {}, speed: number | null = 100): Change[] => {
      leases += 1;
      const finishedAt = changed.finishedAt ?? NOW + tookMs;
      const record = aJob(id, { status: 'done', outcome: 'passed', attempt: 1, runKey: 'build', finishedAt, ...changed });
      const attempt = anAttempt(id, leases, { droneSpeed: speed, endedAt: finishedAt, startedAt: finishedAt - tookMs, finishedAt });
      return [
        { type: 'job', record },
        { type: 'attempt', record: { ...attempt, attempt: record.attempt } },
      ];
    };

    test('are those that passed under its key, newest first, no more than were asked for', async () => {
      const { store } = opened();
      await store.commit([
        ...aRun('old', 10, { finishedAt: NOW + 100 }),
        ...aRun('new', 20, { finishedAt: NOW + 300 }, 50),
        ...aRun('middle', 30, { finishedAt: NOW + 200 }),
        ...aRun('same instant', 40, { finishedAt: NOW + 200 }),
        ...aRun('failed', 50, { outcome: 'failed' }),
        ...aRun('another', 60, { runKey: 'other' }),
        ...aRun('before keys', 70, { runKey: null }),
        { type: 'job', record: aJob('waits', { runKey: 'build' }) },
      ]);
      expect(await store.runs('build', 10)).toEqual([
        { durationMs: 20, droneId: 'drone-1', speed: 50 },
        { durationMs: 40, droneId: 'drone-1', speed: 100 },
        { durationMs: 30, droneId: 'drone-1', speed: 100 },
        { durationMs: 10, droneId: 'drone-1', speed: 100 },
      ]);
      expect(await store.runs('build', 2)).toHaveLength(2);
      expect(await store.runs('nothing', 10)).toEqual([]);
    });

    test('are told of the attempt that passed, not of those before it', async () => {
      const { store } = opened();
      const lost = anAttempt('a', 900, { startedAt: NOW, finishedAt: NOW + 1, endedAt: NOW + 1, outcome: 'lost' });
      const passed = anAttempt('a', 901, { attempt: 2, startedAt: NOW + 5, finishedAt: NOW + 30, endedAt: NOW + 30, droneId: 'two' });
      const record = aJob('a', { status: 'done', outcome: 'passed', attempt: 2, runKey: 'build', finishedAt: NOW + 30 });
      await store.commit([
        { type: 'job', record },
        { type: 'attempt', record: lost },
        { type: 'attempt', record: passed },
      ]);
      expect(await store.runs('build', 10)).toEqual([{ durationMs: 25, droneId: 'two', speed: 100 }]);
    });

    test('of which the time or the speed is unknown are left out', async () => {
      const { store } = opened();
      await store.commit([...aRun('no speed', 5, {}, null), ...aRun('clock went back', -5)]);
      expect(await store.runs('build', 10)).toEqual([]);
    });
  });

  describe('what became of jobs', () => {
    const opened = useStore(open);
    const ended = (id: string, finishedAt: number, changed: Partial<JobRecord> = {}): Change => ({
      type: 'job',
      record: aJob(id, { status: 'done', outcome: 'passed', finishedAt, ...changed }),
    });

    test('is counted by outcome and by wait, over a span that ends before its end', async () => {
      const { store } = opened();
      await store.commit([
        ended('before', NOW - 1),
        ended('first', NOW, { waitedMs: 0 }),
        ended('second', NOW + 5, { waitedMs: 4000 }),
        ended('third', NOW + 5, { waitedMs: 4000, outcome: 'failed' }),
        ended('never started', NOW + 9, { outcome: 'cancelled' }),
        ended('after', NOW + 10, { waitedMs: 1 }),
        { type: 'job', record: aJob('runs', { status: 'running', waitedMs: 3 }) },
      ]);
      expect(await store.ended(NOW, NOW + 10)).toEqual({
        outcomes: { passed: 2, failed: 1, cancelled: 1 },
        waits: { 0: 1, [waitClassOf(4000)]: 2 },
      });
      expect(await store.ended(NOW + 20, NOW + 30)).toEqual({ outcomes: {}, waits: {} });
    });
  });
}
