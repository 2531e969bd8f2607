import { describe, expect, test } from '@jest/globals';
import type { Children } from '@skep/protocol';
import type { Change, Store } from '../Store.js';
import { aDoneJob, aJob, anArtifact, anAttempt, aState, NOW } from './samples.js';
import { type Open, useStore } from './useStore.js';

const twoPassed: Children = { kind: 'cells', count: 2, standings: { passed: 2 }, leftOut: [{ platform: 'plan-9', cells: 1 }] };

/** A parent that is done, with a cell, and a cell that is a parent with a build. Each that was run left output and an artifact. */
function aFamily(id: string, lease: number, finishedAt = NOW): Change[] {
  const done = { project: 'web', finishedAt, status: 'done', outcome: 'passed' } as const;
  const ran = (child: string, parent: string, number: number): Change[] => [
    ...aDoneJob(child, number, { ...done, parent, attempt: 1, waitedMs: 5 }, 100).map((change) =>
      change.type === 'attempt' ? { ...change, record: { ...change.record, endedAt: null } } : change,
    ),
    { type: 'artifact', lease: number, record: anArtifact(child, 'log', { size: 10 }) },
    { type: 'attempt', record: anAttempt(child, number, { finishedAt, endedAt: finishedAt, outputBytes: 100 }) },
  ];
  return [
    { type: 'job', record: aJob(id, { ...done, parentOf: 'cells', children: twoPassed, waitedMs: 5 }) },
    { type: 'job', record: aJob(`${id}~b`, { ...done, parent: id, cell: { platform: 'b', node: 20 }, parentOf: 'builds', waitedMs: 5 }) },
    ...ran(`${id}~a`, id, lease),
    ...ran(`${id}~b~1`, `${id}~b`, lease + 1),
  ];
}

const idsOf = ({ jobs }: { jobs: readonly { id: string }[] }): string[] => jobs.map(({ id }) => id);

/** Parents and their children. */
export function describeFamilies(open: Open): void {
  describe('a parent', () => {
    const opened = useStore(open);

    test('is kept with its children, which are told in the order in which they came', async () => {
      const { store, reopen } = opened();
      await store.commit(aFamily('p', 1));
      const again = await reopen();
      expect((await again.job('p'))?.children).toEqual(twoPassed);
      const children = await again.children('p');
      expect(children).toMatchObject([
        { id: 'p~b', parent: 'p', parentOf: 'builds', cell: { platform: 'b', node: 20 } },
        { id: 'p~a', parent: 'p', parentOf: null, cell: null },
      ]);
      expect(children[0]).not.toHaveProperty('job');
      expect(await again.children('p~a')).toEqual([]);
    });

    test('changes with its children', async () => {
      const { store } = opened();
      await store.commit([{ type: 'job', record: aJob('p', { parentOf: 'cells', children: twoPassed }) }]);
      const children: Children = { kind: 'cells', count: 2, standings: { running: 1, failed: 1 } };
      await store.commit([{ type: 'job-state', id: 'p', state: aState({ status: 'running', children }) }]);
      expect(await store.job('p')).toMatchObject({ status: 'running', parentOf: 'cells', children });
    });

    test('can be listed without children, and its children alone, under other filters too', async () => {
      const { store } = opened();
      await store.commit([...aFamily('p', 1), ...aFamily('q', 11), { type: 'job', record: aJob('alone', { project: 'web' }) }]);
      const listed = async (filter: Parameters<Store['tally']>[0]) => {
        const { counts } = await store.tally(filter, 'project', 100);
        const ids = idsOf(await store.jobs({ ...filter, limit: 100 }));
        expect(counts.reduce((sum, { jobs }) => sum + jobs, 0)).toBe(ids.length);
        return ids;
      };
      expect(await listed({ parent: null })).toEqual(['alone', 'q', 'p']);
      expect(await listed({ parent: null, status: 'done' })).toEqual(['q', 'p']);
      expect(await listed({ parent: null, project: 'web', outcome: 'passed' })).toEqual(['q', 'p']);
      expect(await listed({ parent: 'p' })).toEqual(['p~a', 'p~b']);
      expect(await listed({ parent: 'p', status: 'active' })).toEqual([]);
      expect(await listed({ parent: 'q', outcome: 'passed', project: 'web' })).toEqual(['q~a', 'q~b']);
      const { jobs, next } = await store.jobs({ parent: 'p', limit: 1 });
      expect([idsOf({ jobs }), idsOf(await store.jobs({ parent: 'p', limit: 5, before: next ?? '' }))]).toEqual([['p~a'], ['p~b']]);
    });

    test('is no job that ended of those that are counted; its children are', async () => {
      const { store } = opened();
      await store.commit(aFamily('p', 1));
      const { outcomes, waits } = await store.ended(NOW, NOW + 1);
      expect([outcomes, Object.values(waits)]).toEqual([{ passed: 2 }, [2]]);
    });

    test('is forgotten with its children and theirs, and what others have stays', async () => {
      const { store } = opened();
      await store.commit([...aFamily('p', 1, NOW + 1), ...aFamily('q', 11, NOW)]);
      expect((await store.doneJobs(10)).jobs).toEqual([
        { id: 'p', project: 'web', outcome: 'passed', finishedAt: NOW + 1, bytes: 220, descendants: ['p~b', 'p~a', 'p~b~1'] },
        { id: 'q', project: 'web', outcome: 'passed', finishedAt: NOW, bytes: 220, descendants: ['q~b', 'q~a', 'q~b~1'] },
      ]);
      await store.commit([{ type: 'forget-job', id: 'p' }]);
      expect(idsOf(await store.jobs({ limit: 10 })).toSorted()).toEqual(['q', 'q~a', 'q~b', 'q~b~1']);
      expect(await store.artifacts('p~b~1', 1)).toEqual([]);
      expect(await store.artifacts('q~b~1', 1)).toHaveLength(1);
    });

    test('is not forgotten while a child of it is not done', async () => {
      const { store } = opened();
      await store.commit([...aFamily('p', 1), { type: 'job', record: aJob('p~c', { parent: 'p' }) }]);
      await expect(store.commit([{ type: 'forget-job', id: 'p' }])).rejects.toMatchObject({ code: 'STORE_FAILED' });
      expect(idsOf(await store.jobs({ limit: 10 }))).toHaveLength(5);
    });
  });
}
