import { describe, expect, test } from '@jest/globals';
import type { ArtifactFilter, ArtifactPage, Change, Store } from '../Store.js';
import { aCache, aDoneJob, aJob, anArtifact, anAttempt, anUpload, aRunningJob, aState, NOW } from './samples.js';
import { type Open, useStore } from './useStore.js';

const [ONE, TWO, THREE] = ['1', '2', '3'].map((digit) => digit.repeat(64)) as [string, string, string];

/** Artifacts, caches, the uploads that become either, and which contents they need. */
export function describeArtifacts(open: Open): void {
  describe('artifacts', () => {
    const opened = useStore(open);

    test('are kept whole, by path, each attempt with its own, also after a restart', async () => {
      const { store, reopen } = opened();
      const large = anArtifact('a', 'z/large.bin', { size: 2 ** 40, mode: 0o755, mediaType: 'application/octet-stream', sha256: ONE });
      await store.commit([
        ...aRunningJob('a', 1),
        ...aRunningJob('b', 2),
        { type: 'artifact', lease: 1, record: large },
        { type: 'artifact', lease: 1, record: anArtifact('a', 'Zebra') },
        { type: 'artifact', lease: 1, record: anArtifact('a', 'log') },
        { type: 'artifact', lease: 2, record: anArtifact('b', 'log', { sha256: TWO }) },
      ]);
      const again = await reopen();
      expect(await again.artifacts('a', 1)).toEqual([anArtifact('a', 'Zebra'), anArtifact('a', 'log'), large]);
      expect(await again.countArtifacts('a', 1)).toBe(3);
      expect(await again.artifact('a', 1, 'z/large.bin')).toEqual(large);
      expect(await again.artifact('b', 1, 'log')).toEqual(anArtifact('b', 'log', { sha256: TWO }));
    });

    test('of what is not there are none', async () => {
      const { store } = opened();
      await store.commit([...aRunningJob('a'), { type: 'artifact', lease: 1, record: anArtifact('a', 'log') }]);
      for (const [id, attempt] of [
        ['a', 2],
        ['nobody', 1],
      ] as const) {
        expect(await store.artifacts(id, attempt)).toEqual([]);
        expect(await store.countArtifacts(id, attempt)).toBe(0);
        expect(await store.artifact(id, attempt, 'log')).toBeUndefined();
      }
      expect(await store.artifact('a', 1, 'LOG')).toBeUndefined();
    });

    test('one takes the place of that under its path', async () => {
      const { store } = opened();
      const next = anArtifact('a', 'log', { size: 7, mode: 0o600, mediaType: 'text/html', sha256: ONE, createdAt: NOW + 1 });
      await store.commit([...aRunningJob('a'), { type: 'artifact', lease: 1, record: anArtifact('a', 'log') }]);
      await store.commit([{ type: 'artifact', lease: 1, record: next }]);
      expect(await store.artifacts('a', 1)).toEqual([next]);
      expect(await store.referenced(['a'.repeat(64), ONE])).toEqual([ONE]);
    });

    test.each([
      ['a lease that has ended', 1, { attempt: 1 }],
      ['the lease of another attempt', 2, { attempt: 1 }],
      ['a lease that was never granted', 9, { attempt: 2 }],
      ['the lease of another job', 3, { attempt: 2 }],
      ['an attempt that is not there', 2, { attempt: 3 }],
      ['a job that is not there', 2, { jobId: 'nobody', attempt: 2 }],
    ] as const)('under %s are refused, and all that came with them', async (_, lease, changed) => {
      const { store } = opened();
      await store.commit([
        ...aRunningJob('a', 1),
        ...aRunningJob('b', 3),
        { type: 'artifact', lease: 1, record: anArtifact('a', 'log') },
        { type: 'attempt', record: anAttempt('a', 1, { endedAt: NOW }) },
        { type: 'attempt', record: anAttempt('a', 2, { attempt: 2 }) },
      ]);
      const record = anArtifact('a', 'log', { sha256: ONE, ...changed });
      const change = { type: 'artifact', lease, record } as const;
      await expect(store.commit([{ type: 'cache', record: aCache('x') }, change])).rejects.toMatchObject({ code: 'LEASE_ENDED' });
      expect(await store.caches()).toEqual([]);
      expect(await store.artifacts('a', 1)).toEqual([anArtifact('a', 'log')]);
      expect(await store.artifacts('a', 2)).toEqual([]);
    });

    test('are listed in pages, those of the newest attempt first, of a project, by a part of their path and by kind', async () => {
      const { store, reopen } = opened();
      const put = (id: string, path: string, lease: number, mediaType = 'text/plain', more = {}) =>
        ({ type: 'artifact', lease, record: anArtifact(id, path, { mediaType, ...more }) }) as const;
      const running = (id: string, lease: number, project: string | null): Change[] => [
        { type: 'job', record: aJob(id, { status: 'running', attempt: 1, project }) },
        { type: 'attempt', record: anAttempt(id, lease) },
      ];
      await store.commit([
        ...running('a', 1, 'web'),
        ...running('b', 2, null),
        ...running('c', 3, 'web'),
        put('a', 'app.log', 1),
        put('a', 'Report/index.html', 1, 'text/html'),
        put('b', 'b.log', 2, 'text/plain', { sha256: ONE }),
        put('c', 'z.log', 3, 'text/plain', { sha256: ONE }),
        put('c', 'a:1.log', 3),
        put('c', 'report.json', 3, 'application/json'),
      ]);
      const again = await reopen();
      const pathsOf = async (filter: Omit<ArtifactFilter, 'limit'>, limit: number, among = 100): Promise<string[][]> => {
        const pages: string[][] = [];
        for (let before: string | null | undefined; before !== null; ) {
          const page: ArtifactPage = await again.artifactPage({ ...filter, limit, ...(before !== undefined && { before }) }, among);
          pages.push(page.artifacts.map(({ path }) => path));
          before = page.next;
        }
        return pages;
      };
      expect(await pathsOf({}, 4)).toEqual([
        ['a:1.log', 'report.json', 'z.log', 'b.log'],
        ['Report/index.html', 'app.log'],
      ]);
      expect(await pathsOf({ project: 'web' }, 3)).toEqual([
        ['a:1.log', 'report.json', 'z.log'],
        ['Report/index.html', 'app.log'],
      ]);
      expect(await pathsOf({ text: 'REPORT' }, 1)).toEqual([['report.json'], ['Report/index.html'], []]);
      expect(await pathsOf({ mediaType: /^text\/html/ }, 5)).toEqual([['Report/index.html']]);
      // Of so many that are looked at, few are what is asked for.
      expect(await pathsOf({ mediaType: /^text\/html/ }, 5, 2)).toEqual([[], [], ['Report/index.html']]);
      expect(await pathsOf({ project: 'none' }, 5)).toEqual([[]]);
      expect(await pathsOf({ sha256: ONE }, 5)).toEqual([['z.log', 'b.log']]);
      expect(await pathsOf({ sha256: ONE, project: 'web' }, 5)).toEqual([['z.log']]);
      const { artifacts } = await again.artifactPage({ limit: 9, text: 'log' }, 100);
      expect(artifacts.map(({ jobId, project }) => [jobId, project])).toEqual([
        ['c', 'web'],
        ['c', 'web'],
        ['b', null],
        ['a', 'web'],
      ]);
      await expect(again.artifactPage({ limit: 1, before: 'nowhere' }, 9)).rejects.toMatchObject({ code: 'INVALID_MESSAGE' });
    });

    test('the latest of a path is that of the job submitted last that passed with one, at its last attempt', async () => {
      const { store } = opened();
      let lease = 0;
      const run = async (id: string, queuedAt: number, state = {}, path = 'app.zip', project = 'web') => {
        lease += 1;
        await store.commit([
          { type: 'job', record: aJob(id, { status: 'running', attempt: 1, queuedAt, project }) },
          { type: 'attempt', record: anAttempt(id, lease) },
          { type: 'artifact', lease, record: anArtifact(id, path) },
          { type: 'attempt', record: anAttempt(id, lease, { endedAt: NOW }) },
          { type: 'job-state', id, state: aState({ status: 'done', outcome: 'passed', attempt: 1, finishedAt: NOW, ...state }) },
        ]);
      };
      await run('newer', NOW + 2);
      await run('old', NOW + 1);
      await run('failed', NOW + 3, { outcome: 'failed' });
      await run('without', NOW + 4, {}, 'other.zip');
      await run('elsewhere', NOW + 5, {}, 'app.zip', 'app');
      await run('in its first attempt only', NOW + 6, { attempt: 2 });
      expect(await store.latestArtifact('web', 'app.zip')).toEqual(anArtifact('newer', 'app.zip'));
      await run('same instant', NOW + 2);
      expect((await store.latestArtifact('web', 'app.zip'))?.jobId).toBe('same instant');
      expect(await store.latestArtifact('web', 'nothing')).toBeUndefined();
      expect(await store.latestArtifact('nobody', 'app.zip')).toBeUndefined();
    });
  });

  describe('caches', () => {
    const opened = useStore(open);
    const keyOf = async (store: Store, key: string, ...prefixes: string[]) => (await store.cache('web', key, prefixes))?.key;

    test('are found by their key, else the newest by the first prefix with which any begins', async () => {
      const { store } = opened();
      await store.commit([
        { type: 'cache', record: aCache('npm-1', { createdAt: NOW + 1 }) },
        { type: 'cache', record: aCache('npm-3', { createdAt: NOW + 3, usedAt: NOW - 9 }) },
        { type: 'cache', record: aCache('npm-2', { createdAt: NOW + 3 }) },
        { type: 'cache', record: aCache('other', { createdAt: NOW + 9 }) },
        { type: 'cache', record: aCache('npm-9', { createdAt: NOW + 9, project: '' }) },
        { type: 'cache', record: aCache('größe-\u{1f41d}') },
      ]);
      expect(await keyOf(store, 'npm-1', 'npm-')).toBe('npm-1');
      expect(await keyOf(store, 'npm-4', 'npm-')).toBe('npm-3');
      expect(await keyOf(store, 'npm-4', 'none', 'npm-', 'other')).toBe('npm-3');
      expect(await keyOf(store, 'npm-4', '')).toBe('other');
      expect(await keyOf(store, 'x', 'NPM-', 'npm_', 'npm%', 'npm-11')).toBeUndefined();
      expect(await keyOf(store, 'x', 'größe-')).toBe('größe-\u{1f41d}');
      expect(await keyOf(store, 'npm')).toBeUndefined();
      expect((await store.cache('', 'npm', ['npm']))?.key).toBe('npm-9');
      expect(await store.cache('nobody', 'npm-1', ['npm'])).toBeUndefined();
    });

    test('are listed by their last use, replaced and dropped, also after a restart', async () => {
      const { store, reopen } = opened();
      const next = aCache('b', { size: 2 ** 40, sha256: ONE, createdAt: NOW + 1, usedAt: NOW + 5 });
      await store.commit([
        { type: 'cache', record: aCache('b') },
        { type: 'cache', record: aCache('a') },
        { type: 'cache', record: aCache('c') },
        { type: 'cache', record: aCache('a', { project: 'web app' }) },
        { type: 'cache', record: next },
      ]);
      const again = await reopen();
      expect(await again.caches()).toEqual([next, aCache('a'), aCache('c'), aCache('a', { project: 'web app' })]);
      await again.commit([
        { type: 'drop-cache', project: 'web', key: 'a' },
        { type: 'drop-cache', project: 'nobody', key: 'c' },
      ]);
      expect(await again.caches()).toEqual([next, aCache('c'), aCache('a', { project: 'web app' })]);
    });
  });

  describe('uploads', () => {
    const opened = useStore(open);

    test('are kept whole until they are dropped, oldest first, also after a restart', async () => {
      const { store, reopen } = opened();
      const target = { type: 'artifact', jobId: 'a', attempt: 1, lease: 1, path: 'é', mode: 0o755, mediaType: 'text/plain' } as const;
      const next = anUpload('b', { target, size: 2 ** 40, sha256: ONE });
      await store.commit([
        { type: 'upload', record: anUpload('new', { createdAt: NOW + 1 }) },
        { type: 'upload', record: anUpload('b') },
        { type: 'upload', record: anUpload('a') },
        { type: 'upload', record: next },
      ]);
      const again = await reopen();
      expect(await again.uploads()).toEqual([anUpload('a'), next, anUpload('new', { createdAt: NOW + 1 })]);
      await again.commit([
        { type: 'drop-upload', id: 'b' },
        { type: 'drop-upload', id: 'nobody' },
      ]);
      expect((await again.uploads()).map(({ id }) => id)).toEqual(['a', 'new']);
    });
  });

  describe('contents', () => {
    const opened = useStore(open);

    test('are referenced while an artifact or a cache has them', async () => {
      const { store } = opened();
      await store.commit([
        ...aRunningJob('a'),
        { type: 'artifact', lease: 1, record: anArtifact('a', 'log', { sha256: ONE }) },
        { type: 'cache', record: aCache('x', { sha256: TWO }) },
        { type: 'cache', record: aCache('y', { sha256: TWO }) },
        { type: 'upload', record: anUpload('u', { sha256: THREE }) },
      ]);
      expect(await store.referenced([THREE, TWO, ONE])).toEqual([TWO, ONE]);
      expect(await store.referenced([])).toEqual([]);
      await store.commit([{ type: 'drop-cache', project: 'web', key: 'x' }]);
      expect(await store.referenced([TWO])).toEqual([TWO]);
      await store.commit([{ type: 'drop-cache', project: 'web', key: 'y' }]);
      expect(await store.referenced([TWO])).toEqual([]);
    });
  });

  describe('jobs that are done', () => {
    const opened = useStore(open);

    test('come in pages, the last to end first, each once, with the bytes of all their attempts', async () => {
      const { store } = opened();
      await store.commit([
        ...aDoneJob('second', 1, { finishedAt: NOW + 1, project: 'web', outcome: 'failed' }, 2 ** 40),
        ...aDoneJob('old', 2),
        ...aDoneJob('first', 3, { finishedAt: NOW + 1 }),
        ...aRunningJob('last', 4),
        { type: 'artifact', lease: 4, record: anArtifact('last', 'log') },
        { type: 'attempt', record: anAttempt('last', 4, { endedAt: NOW, outputBytes: 5 }) },
        { type: 'attempt', record: anAttempt('last', 5, { attempt: 2, outputBytes: 7 }) },
        { type: 'artifact', lease: 5, record: anArtifact('last', 'log', { attempt: 2, size: 20 }) },
        ...aRunningJob('runs', 6),
      ]);
      expect((await store.doneJobs(10)).jobs.map(({ id }) => id)).toEqual(['first', 'second', 'old']);
      await store.commit([
        { type: 'job-state', id: 'last', state: aState({ status: 'done', outcome: 'cancelled', attempt: 2, finishedAt: NOW - 1 }) },
      ]);
      const page = await store.doneJobs(2);
      expect(page.jobs).toEqual([
        { id: 'first', project: null, outcome: 'passed', finishedAt: NOW + 1, bytes: 0, descendants: [] },
        { id: 'second', project: 'web', outcome: 'failed', finishedAt: NOW + 1, bytes: 2 ** 40, descendants: [] },
      ]);
      expect(await store.doneJobs(2, page.next ?? '')).toEqual({
        jobs: [
          { id: 'old', project: null, outcome: 'passed', finishedAt: NOW, bytes: 0, descendants: [] },
          { id: 'last', project: null, outcome: 'cancelled', finishedAt: NOW - 1, bytes: 42, descendants: [] },
        ],
        next: null,
      });
      // Two of one instant stand on two pages.
      const one = await store.doneJobs(1);
      expect((await store.doneJobs(1, one.next ?? '')).jobs.map(({ id }) => id)).toEqual(['second']);
    });
  });
}
