import { describe, expect, test } from '@jest/globals';
import type { Change, Store } from '../Store.js';
import { aCommand, aJob, anArtifact, anAttempt, aRunningJob, aState, eventMaker, NOW } from './samples.js';
import { type Open, useStore } from './useStore.js';

const EVENTS = 10;

/** A job that is done, with events, a command and an artifact. */
function aFullJob(id: string, lease: number): Change[] {
  const event = eventMaker();
  const state = aState({ status: 'done', outcome: 'passed', attempt: 1, droneId: 'drone-1', finishedAt: NOW, cursor: EVENTS });
  return [
    { type: 'job', record: aJob(id, { project: 'web', runKey: 'build', status: 'running', attempt: 1 }) },
    { type: 'attempt', record: anAttempt(id, lease) },
    { type: 'events', jobId: id, attempt: 1, events: Array.from({ length: EVENTS }, (_, i) => event({ text: `${id} ${i}\n` })) },
    { type: 'command', record: aCommand(id, 0) },
    { type: 'artifact', lease, record: anArtifact(id, 'log', { sha256: id.repeat(64).slice(0, 64) }) },
    { type: 'attempt', record: anAttempt(id, lease, { startedAt: NOW, finishedAt: NOW, endedAt: NOW, events: EVENTS }) },
    { type: 'job-state', id, state },
  ];
}

/** All that a store tells of a job. */
const everythingOf = async (store: Store, id: string) => ({
  job: await store.job(id),
  snapshot: await store.snapshot(id, 1000),
  attempts: await store.attempts(id),
  commands: await store.commands(id, 1),
  events: await store.events(id, 0, 10_000),
  seq: await store.seqAt(id, 1, { line: 5 }),
  sha256: await store.outputSha256(id, 1),
  artifacts: await store.artifacts(id, 1),
});

/** Removes what is left of forgotten jobs, so many events at a time. @returns in how many steps */
async function dropAll(store: Store, events: number): Promise<number> {
  let steps = 0;
  for (; await store.hasForgotten(); steps++) {
    if (steps > 100) throw new Error('It never ends');
    await store.commit([{ type: 'drop-forgotten', events }]);
  }
  return steps;
}

/** Jobs that are forgotten, and what is left of them until it is removed. */
export function describeForgetting(open: Open): void {
  describe('a forgotten job', () => {
    const opened = useStore(open);

    test('is gone from all that is told, and no other is', async () => {
      const { store, reopen } = opened();
      await store.commit([...aFullJob('a', 1), ...aFullJob('b', 2), ...aFullJob('c', 3)]);
      const others = [await everythingOf(store, 'a'), await everythingOf(store, 'c')];
      const nothing = await everythingOf(store, 'nobody');
      await store.commit([{ type: 'forget-job', id: 'b' }]);
      const isGone = async (from: Store) => {
        expect(await everythingOf(from, 'b')).toEqual(nothing);
        expect([await everythingOf(from, 'a'), await everythingOf(from, 'c')]).toEqual(others);
        expect((await from.jobs({ limit: 10 })).jobs.map(({ id }) => id)).toEqual(['c', 'a']);
        expect((await from.doneJobs(10)).jobs.map(({ id }) => id)).toEqual(['c', 'a']);
        expect((await from.tally({}, 'standing', 100)).counts).toEqual([{ status: 'done', outcome: 'passed', jobs: 2 }]);
        expect((await from.tally({ project: 'web' }, 'droneId', 100)).counts).toEqual([{ droneId: 'drone-1', jobs: 2 }]);
        expect(await from.runs('build', 10)).toHaveLength(2);
        expect((await from.ended(NOW, NOW + 1)).outcomes).toEqual({ passed: 2 });
        expect((await from.artifactPage({ sha256: 'b'.repeat(64), limit: 10 }, 10)).artifacts).toEqual([]);
        expect(await from.referenced(['a'.repeat(64), 'b'.repeat(64)])).toEqual(['a'.repeat(64)]);
        expect((await from.latestArtifact('web', 'log'))?.jobId).toBe('c');
      };
      await isGone(store);
      await dropAll(store, 4);
      await isGone(store);
      await isGone(await reopen());
    });

    test.each(['queued', 'assigned', 'running'] as const)(
      'was not %s: such a job is refused, with all that came with it',
      async (status) => {
        const { store } = opened();
        await store.commit([...aFullJob('a', 1), { type: 'job', record: aJob('b', { status }) }]);
        const before = await everythingOf(store, 'a');
        const both: Change[] = [
          { type: 'forget-job', id: 'a' },
          { type: 'forget-job', id: 'b' },
        ];
        await expect(store.commit(both)).rejects.toMatchObject({ code: 'STORE_FAILED' });
        expect(await store.job('b')).toMatchObject({ status });
        expect(await everythingOf(store, 'a')).toEqual(before);
        expect(await store.hasForgotten()).toBe(false);
      },
    );

    test('forgotten twice, or never there, is nothing', async () => {
      const { store } = opened();
      await store.commit([{ type: 'forget-job', id: 'nobody' }]);
      await store.commit([{ type: 'drop-forgotten', events: 10 }]);
      expect(await store.hasForgotten()).toBe(false);
      await store.commit(aFullJob('a', 1));
      await store.commit([
        { type: 'forget-job', id: 'a' },
        { type: 'forget-job', id: 'a' },
      ]);
      await store.commit([{ type: 'forget-job', id: 'a' }]);
      expect(await store.job('a')).toBeUndefined();
    });

    test('without an attempt leaves nothing to remove', async () => {
      const { store } = opened();
      await store.commit([{ type: 'job', record: aJob('a', { status: 'done', outcome: 'cancelled', finishedAt: NOW }) }]);
      await store.commit([{ type: 'forget-job', id: 'a' }]);
      expect(await store.job('a')).toBeUndefined();
      expect(await store.hasForgotten()).toBe(false);
    });

    test('leaves its id to another, which has nothing of it and loses nothing with it', async () => {
      const { store } = opened();
      await store.commit(aFullJob('a', 1));
      await store.commit([{ type: 'forget-job', id: 'a' }, ...aRunningJob('a', 2)]);
      expect(await store.attempts('a')).toEqual([anAttempt('a', 2)]);
      expect(await store.events('a', 0, 1000)).toEqual({ attempt: 1, cursor: 0, events: [] });
      expect(await store.commands('a', 1)).toEqual([]);
      expect(await store.artifacts('a', 1)).toEqual([]);
      const events = [eventMaker()({ text: 'new\n' })];
      await store.commit([{ type: 'events', jobId: 'a', attempt: 1, events }]);
      await dropAll(store, 3);
      expect((await store.events('a', 0, 1000)).events).toEqual(events);
    });

    test('its leases are never granted again, also after a restart', async () => {
      const { store, reopen } = opened();
      await store.commit([...aFullJob('a', 7), ...aFullJob('b', 9), ...aFullJob('c', 3)]);
      await store.commit(['a', 'b'].map((id) => ({ type: 'forget-job', id })));
      expect(await store.lastLease()).toBe(9);
      await dropAll(store, 100);
      const again = await reopen();
      expect(await again.lastLease()).toBe(9);
      for (const lease of [7, 9]) await expect(again.commit(aRunningJob('d', lease))).rejects.toMatchObject({ code: 'STORE_FAILED' });
      // What was granted before is still written to.
      const late = anAttempt('c', 3, { endedAt: NOW, reason: 'told late' });
      await again.commit([{ type: 'attempt', record: late }, ...aRunningJob('d', 10)]);
      expect(await again.attempts('c')).toEqual([late]);
      await again.commit([{ type: 'forget-job', id: 'c' }]);
      await dropAll(again, 100);
      expect(await again.lastLease()).toBe(10);
    });

    test('its events go in steps, which may be as small as one, and go on after a restart', async () => {
      const { store, reopen } = opened();
      await store.commit([...aFullJob('a', 1), ...aFullJob('b', 2), ...aFullJob('c', 3), ...aFullJob('d', 4)]);
      const others = [await everythingOf(store, 'b'), await everythingOf(store, 'd')];
      await store.commit(['a', 'c'].map((id) => ({ type: 'forget-job', id })));
      await store.commit([{ type: 'drop-forgotten', events: 1 }]);
      const again = await reopen();
      expect(await dropAll(again, 1)).toBeLessThanOrEqual(2 * EVENTS + 4);
      expect([await everythingOf(again, 'b'), await everythingOf(again, 'd')]).toEqual(others);
      await again.commit([{ type: 'drop-forgotten', events: 1000 }]);
      expect([await everythingOf(again, 'b'), await everythingOf(again, 'd')]).toEqual(others);
    });
  });
}
