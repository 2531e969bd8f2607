import { describe, expect, test } from '@jest/globals';
import { aDrone, aJob, anAttempt, aRunningJob, aState, eventMaker } from './samples.js';
import { type Open, useStore } from './useStore.js';

/** Commits: all or nothing, in order, durable. */
export function describeCommits(open: Open): void {
  describe('a commit', () => {
    const opened = useStore(open);

    test('is there for everybody who asks after it was resolved', async () => {
      const { store } = opened();
      await store.commit([{ type: 'job', record: aJob('a') }]);
      expect(await store.job('a')).toEqual(aJob('a'));
    });

    test('is there after a restart', async () => {
      const { store, reopen } = opened();
      const event = eventMaker();
      const events = [event(), event({ text: 'hello\n' })];
      await store.commit([
        ...aRunningJob('a', 7),
        { type: 'events', jobId: 'a', attempt: 1, events },
        { type: 'drone', record: aDrone('d') },
      ]);
      const again = await reopen();
      expect(await again.job('a')).toEqual(aJob('a', { status: 'running', attempt: 1 }));
      expect(await again.attempts('a')).toEqual([anAttempt('a', 7)]);
      expect(await again.events('a', 0, 1000)).toEqual({ attempt: 1, cursor: 0, events });
      expect(await again.drones()).toEqual([aDrone('d')]);
      expect(await again.lastLease()).toBe(7);
    });

    test('that fails leaves nothing behind, and harms none of those made with it', async () => {
      const { store } = opened();
      const results = await Promise.allSettled([
        store.commit([{ type: 'job', record: aJob('a') }]),
        store.commit([
          { type: 'job', record: aJob('b') },
          { type: 'job-state', id: 'nobody', state: aState() },
        ]),
        store.commit([{ type: 'job', record: aJob('c') }]),
      ]);
      expect(results).toMatchObject([
        { status: 'fulfilled' },
        { status: 'rejected', reason: { code: 'STORE_FAILED' } },
        { status: 'fulfilled' },
      ]);
      expect((await store.jobs({ limit: 10 })).jobs.map(({ id }) => id)).toEqual(['c', 'a']);
    });

    test('that fails ends its series: what was called after it fails too, until a new series begins', async () => {
      const { store } = opened();
      const add = (id: string, series?: number) => store.commit([{ type: 'job', record: aJob(id) }], series);
      const refused = store.commit([{ type: 'job-state', id: 'nobody', state: aState() }], 2);
      const results = await Promise.allSettled([refused, add('a', 2), add('b', 1), add('c'), add('d', 3)]);
      expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled', 'fulfilled']);
      await expect(add('e', 2)).rejects.toMatchObject({ code: 'STORE_FAILED' });
      await add('f', 3);
      expect((await store.jobs({ limit: 10 })).jobs.map(({ id }) => id).sort()).toEqual(['c', 'd', 'f']);
    });

    test('sees what the commits called before it have written', async () => {
      const { store } = opened();
      await Promise.all([
        store.commit([{ type: 'job', record: aJob('a') }]),
        store.commit([{ type: 'job-state', id: 'a', state: aState({ status: 'assigned' }) }]),
        store.commit([{ type: 'job-state', id: 'a', state: aState({ status: 'running' }) }]),
      ]);
      expect(await store.job('a')).toMatchObject({ status: 'running' });
    });

    test('takes its arguments as they were when it was called', async () => {
      const { store } = opened();
      const record = aJob('a', { job: { id: 'a', data: { size: 1 } } });
      const committed = store.commit([{ type: 'job', record }]);
      record.title = 'changed';
      Object.assign(record.job, { data: { size: 2 } });
      await committed;
      expect(await store.job('a')).toEqual(aJob('a', { job: { id: 'a', data: { size: 1 } } }));
    });

    test('of nothing is resolved', async () => {
      await expect(opened().store.commit([])).resolves.toBeUndefined();
    });

    test('called before close is carried out; one called after is refused', async () => {
      const { store, reopen } = opened();
      const before = store.commit([{ type: 'job', record: aJob('a') }]);
      const closed = store.close();
      await expect(store.commit([{ type: 'job', record: aJob('b') }])).rejects.toMatchObject({ code: 'STORE_FAILED' });
      await expect(store.job('a')).rejects.toMatchObject({ code: 'STORE_FAILED' });
      await Promise.all([before, closed]);
      expect((await (await reopen()).jobs({ limit: 10 })).jobs.map(({ id }) => id)).toEqual(['a']);
    });

    test('makes the store larger', async () => {
      const { store } = opened();
      const before = await store.size();
      const events = [eventMaker()({ text: new Uint8Array(4 * 1024 * 1024) })];
      await store.commit([...aRunningJob('a'), { type: 'events', jobId: 'a', attempt: 1, events }]);
      expect(await store.size()).toBeGreaterThan(before + 3 * 1024 * 1024);
    });
  });

  describe('drones, tokens and views', () => {
    const opened = useStore(open);

    test('a drone is kept whole, replaced by what it says next, and forgotten', async () => {
      const { store } = opened();
      await store.commit([
        { type: 'drone', record: aDrone('b') },
        { type: 'drone', record: aDrone('a', { platform: null, connectedAt: null }) },
        { type: 'drone', record: aDrone('b', { speed: 5, labels: {}, drainReason: 'new disk' }) },
      ]);
      expect(await store.drones()).toEqual([
        aDrone('a', { platform: null, connectedAt: null }),
        aDrone('b', { speed: 5, labels: {}, drainReason: 'new disk' }),
      ]);
      await store.commit([
        { type: 'forget-drone', id: 'a' },
        { type: 'forget-drone', id: 'nobody' },
      ]);
      expect((await store.drones()).map(({ id }) => id)).toEqual(['b']);
    });

    test('a token is kept until it is dropped', async () => {
      const { store } = opened();
      const token = { name: 'ci', scope: 'admin', sha256: 'a'.repeat(64), createdAt: 5 } as const;
      await store.commit([{ type: 'token', record: token }]);
      expect(await store.tokens()).toEqual([token]);
      await store.commit([{ type: 'drop-token', name: 'ci' }]);
      expect(await store.tokens()).toEqual([]);
    });

    test('a view is kept, replaced, and dropped', async () => {
      const { store } = opened();
      const view = { name: 'ours', filter: { project: 'web', outcome: 'failed' }, changedAt: 5 } as const;
      await store.commit([
        { type: 'view', record: { ...view, filter: {} } },
        { type: 'view', record: { name: 'all', filter: {}, changedAt: 1 } },
        { type: 'view', record: view },
      ]);
      expect(await store.views()).toEqual([{ name: 'all', filter: {}, changedAt: 1 }, view]);
      await store.commit([
        { type: 'drop-view', name: 'ours' },
        { type: 'drop-view', name: 'nobody' },
      ]);
      expect((await store.views()).map(({ name }) => name)).toEqual(['all']);
    });
  });
}
