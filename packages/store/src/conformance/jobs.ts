import { describe, expect, test } from '@jest/globals';
import type { JobFilter, Store, TallyBy } from '../Store.js';
import { aCommand, aJob, anAttempt, aRunningJob, aState, NOW } from './samples.js';
import { type Open, useStore } from './useStore.js';

/** Jobs: as they were submitted, what has become of them, lists of them. */
export function describeJobs(open: Open): void {
  describe('jobs', () => {
    const opened = useStore(open);

    test('a job is kept as it was submitted, with all that is set and all that is not', async () => {
      const { store } = opened();
      const full = aJob('full', {
        project: 'skep',
        branch: 'main',
        jobType: 'build-docs',
        retryOf: 'other',
        runKey: 'key',
        job: { id: 'full', data: { text: 'Grüße, \u0000 and \ud83d\udc1d', list: [1.5, null, true] }, secrets: { KEY: 'x' } },
        ...aState({
          priority: -3,
          status: 'done',
          outcome: 'timed-out',
          reason: 'job',
          attempt: 3,
          droneId: 'd',
          droneName: 'name',
          phase: 'cleanup',
          startedAt: 1,
          waitedMs: 7,
          finishedAt: 2,
          exitCode: 137,
          signal: 'SIGKILL',
          confirmed: false,
          cancelReason: 'why',
          notBefore: 8.64e15,
          cursor: 2 ** 40,
        }),
      });
      await store.commit([
        { type: 'job', record: full },
        { type: 'job', record: aJob('bare') },
      ]);
      expect(await store.job('full')).toEqual(full);
      expect(await store.job('bare')).toEqual(aJob('bare'));
      expect(await store.job('nobody')).toBeUndefined();
    });

    test('a job that is there, or on its way, is never denied, and one that is not is denied in the end', async () => {
      const here = opened();
      const committed = here.store.commit([{ type: 'job', record: aJob('a') }]);
      expect(here.store.mayHave('a')).toBe(true);
      await committed;
      // More than a store looks at at once.
      const many = Array.from({ length: 2500 }, (_, n) => `job-${n}`);
      await here.store.commit(many.map((id) => ({ type: 'job', record: aJob(id) })));
      const store = await here.reopen();
      const isKnown = (): boolean => ['a', ...many].every((id) => store.mayHave(id));
      // While it finds out what there is, and when it knows.
      expect(isKnown()).toBe(true);
      const strangers = Array.from({ length: 100 }, (_, n) => `stranger-${n}`);
      while (strangers.every((id) => store.mayHave(id))) await store.job('a');
      expect(isKnown()).toBe(true);
    });

    test('a job whose id is taken is refused', async () => {
      const { store } = opened();
      await store.commit([{ type: 'job', record: aJob('a') }]);
      await expect(store.commit([{ type: 'job', record: aJob('a', { title: 'another' }) }])).rejects.toMatchObject({
        code: 'STORE_FAILED',
      });
      expect(await store.job('a')).toEqual(aJob('a'));
    });

    test('what becomes of a job leaves what was submitted as it was', async () => {
      const { store } = opened();
      const state = aState({ status: 'done', outcome: 'passed', confirmed: true, exitCode: 0 });
      await store.commit([{ type: 'job', record: aJob('a', { project: 'p' }) }]);
      await store.commit([{ type: 'job-state', id: 'a', state }]);
      expect(await store.job('a')).toEqual(aJob('a', { project: 'p', ...state }));
    });

    test('unfinished jobs come in the order of their submission, with their latest attempt and its commands', async () => {
      const { store } = opened();
      await store.commit([
        { type: 'job', record: aJob('later', { queuedAt: NOW + 5 }) },
        ...aRunningJob('running', 1),
        { type: 'attempt', record: anAttempt('running', 1, { endedAt: NOW + 1 }) },
        { type: 'attempt', record: anAttempt('running', 2, { attempt: 2 }) },
        { type: 'command', record: aCommand('running', 0, { attempt: 2 }) },
        { type: 'job', record: aJob('done', { status: 'done', outcome: 'passed' }) },
        { type: 'job', record: aJob('assigned', { status: 'assigned' }) },
      ]);
      expect(await store.unfinished()).toEqual([
        { job: aJob('later', { queuedAt: NOW + 5 }), attempt: null, commands: [] },
        {
          job: aJob('running', { status: 'running', attempt: 1 }),
          attempt: anAttempt('running', 2, { attempt: 2 }),
          commands: [aCommand('running', 0, { attempt: 2 })],
        },
        { job: aJob('assigned', { status: 'assigned' }), attempt: null, commands: [] },
      ]);
    });
  });

  describe('lists of jobs', () => {
    const opened = useStore(open);

    const kinds = [
      { status: 'queued', project: 'red', branch: 'main' },
      { status: 'done', outcome: 'passed', project: 'red', branch: 'a/b', droneId: 'd1' },
      { status: 'running', project: 'blue', branch: 'main', droneId: 'd1' },
      { status: 'done', outcome: 'failed', droneId: 'd2' },
      { status: 'assigned', droneId: 'd2' },
    ] as const;
    // Three by three share an instant, so that pages end in the middle of one.
    const all = Array.from({ length: 60 }, (_, i) => aJob(`job-${i}`, { queuedAt: NOW + Math.floor(i / 3), ...kinds[i % 5] }));
    const fill = (store: Store) => store.commit(all.map((record) => ({ type: 'job', record })));

    test.each<[string, Omit<JobFilter, 'sort' | 'limit' | 'before'>]>([
      ['all', {}],
      ['of a status', { status: 'queued' }],
      ['done', { status: 'done' }],
      ['active', { status: 'active' }],
      ['of an outcome', { outcome: 'failed' }],
      ['of a project', { project: 'red' }],
      ['of a branch', { project: 'red', branch: 'main' }],
      ['done ones of a branch', { status: 'done', project: 'red', branch: 'a/b' }],
      ['of a drone', { droneId: 'd2' }],
      ['active ones of a project', { status: 'active', project: 'red' }],
      ['done ones of a drone', { status: 'done', droneId: 'd1' }],
      ['of an outcome and a project', { outcome: 'passed', project: 'red' }],
      ['of an outcome that none has', { outcome: 'lost' }],
      ['of everything', { status: 'done', outcome: 'passed', project: 'red', droneId: 'd1' }],
    ])('%s come newest or oldest first, page by page, each job once', async (_, filter) => {
      const { store } = opened();
      await fill(store);
      const { status, ...equal } = filter;
      const wanted = all
        .filter((job) => status === undefined || (status === 'active' ? job.status !== 'done' : job.status === status))
        .filter((job) => Object.entries(equal).every(([name, value]) => job[name as keyof typeof equal] === value))
        .map(({ id }) => id);
      const listed = async (sort: JobFilter['sort']): Promise<string[]> => {
        const ids: string[] = [];
        for (let before: string | null | undefined; before !== null; ) {
          const page = await store.jobs({ ...filter, ...(sort && { sort }), limit: 7, ...(before !== undefined && { before }) });
          expect(page.jobs.length).toBeLessThanOrEqual(7);
          ids.push(...page.jobs.map(({ id }) => id));
          before = page.next;
        }
        return ids;
      };
      expect(await listed('oldest')).toEqual(wanted);
      expect(await listed('newest')).toEqual(wanted.toReversed());
      expect(await listed(undefined)).toEqual(wanted.toReversed());
    });

    test.each<[string, Omit<JobFilter, 'sort' | 'limit' | 'before'>]>([
      ['all', {}],
      ['active', { status: 'active' }],
      ['of a project', { project: 'red' }],
      ['done ones of a drone', { status: 'done', droneId: 'd1' }],
      ['of an outcome and a project', { outcome: 'passed', project: 'red' }],
      ['of an outcome that none has', { outcome: 'lost' }],
    ])('%s are counted by standing, project and drone', async (_, filter) => {
      const { store } = opened();
      await fill(store);
      const { jobs } = await store.jobs({ ...filter, limit: 100 });
      const countsOf = async (by: TallyBy): Promise<[string, number][]> =>
        (await store.tally(filter, by, 1000)).counts.map(({ jobs: number, ...shared }) => [JSON.stringify(shared), number]);
      const expected = (sharedOf: (job: (typeof jobs)[number]) => object | false): Map<string, number> => {
        const counts = new Map<string, number>();
        for (const job of jobs) {
          const shared = sharedOf(job);
          if (shared) counts.set(JSON.stringify(shared), (counts.get(JSON.stringify(shared)) ?? 0) + 1);
        }
        return counts;
      };
      expect(new Map(await countsOf('standing'))).toEqual(expected(({ status, outcome }) => ({ status, outcome })));
      expect(new Map(await countsOf('project'))).toEqual(expected(({ project }) => project !== null && { project }));
      expect(new Map(await countsOf('droneId'))).toEqual(expected(({ droneId }) => droneId !== null && { droneId }));
    });

    test('their projects are told by name, each once, from any on', async () => {
      const { store } = opened();
      const named = ['b', 'a', 'b', 'ä', 'A/1', 'a', ''].map((project, i) => aJob(`named-${i}`, { project }));
      await store.commit([...named, aJob('without')].map((record) => ({ type: 'job', record })));
      expect(await store.projects('', 10)).toEqual(['A/1', 'a', 'b', 'ä']);
      expect(await store.projects('A/1', 2)).toEqual(['a', 'b']);
      expect(await store.projects('ä', 2)).toEqual([]);
    });

    test('a count says whether it looked at all of them', async () => {
      const { store } = opened();
      await fill(store);
      expect(await store.tally({ status: 'done' }, 'droneId', 1000)).toMatchObject({ isAll: true });
      const few = await store.tally({ status: 'done' }, 'droneId', 6);
      expect(few.isAll).toBe(false);
      expect(few.counts.reduce((sum, { jobs }) => sum + jobs, 0)).toBe(6);
    });

    test('give every field but what was submitted', async () => {
      const { store } = opened();
      const { job: _, ...row } = aJob('a', { project: 'p', confirmed: false });
      await store.commit([{ type: 'job', record: aJob('a', { project: 'p', confirmed: false }) }]);
      expect(await store.jobs({ limit: 1 })).toEqual({ jobs: [row], next: null });
    });

    test('a page goes on where the one before it ended, whatever has come since', async () => {
      const { store } = opened();
      await fill(store);
      const { next } = await store.jobs({ limit: 10 });
      await store.commit([{ type: 'job', record: aJob('new', { queuedAt: NOW + 1000 }) }]);
      expect((await store.jobs({ limit: 1, before: next ?? '' })).jobs[0]?.id).toBe('job-49');
    });

    test('refuse a place that no page gave', async () => {
      await expect(opened().store.jobs({ limit: 1, before: 'nowhere' })).rejects.toMatchObject({ code: 'INVALID_MESSAGE' });
    });
  });
}
