import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ForerunnerQueueOptions, forerunnerQueue, forerunnerStore } from '@skep/forerunner';
import { createMemoryStore, openSqliteStore } from '@skep/store';

/** How one of forerunner's own suites ended, run as it is in a process of its own. */
async function runSuite(...args: string[]): Promise<unknown> {
  const script = join(import.meta.dirname, 'fixtures/runSuite.cjs');
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...args], { timeout: 60_000 });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

describe('the suites that forerunner gives to writers of stores and queues', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skep-forerunner-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each([['fifo'], ['random']])('are honored by the queue in %s order', async (order) =>
    expect(await runSuite('queue', order)).toMatchObject({ honored: 8, total: 8, broken: 0, errored: 0 }),
  );

  test('are honored by the store in memory', async () =>
    expect(await runSuite('store', 'memory')).toMatchObject({ honored: 11, total: 11, broken: 0, errored: 0 }));

  test('are honored by the store on disk, and leave there what a queen reads', async () => {
    expect(await runSuite('store', folder)).toMatchObject({ honored: 11, total: 11, broken: 0, errored: 0 });
    const store = await openSqliteStore({ dataDir: folder });
    try {
      const { jobs } = await store.jobs({ limit: 10 });
      expect(jobs.map(({ jobType, status, outcome }) => [jobType, status, outcome]).reverse()).toEqual([
        ['testObject', 'running', null],
        ['testObject', 'queued', null],
        ['testObject', 'done', 'failed'],
        ['testObject', 'done', 'passed'],
      ]);
      const [complete, , twice, begun] = jobs.map(({ id }) => id);
      expect((await store.attempts(complete!))[0]).toMatchObject({ result: { cat: 'dog' }, outputState: 'complete' });
      expect((await store.attempts(twice!)).map(({ error }) => error?.message)).toEqual(['fail_count', 'fail_count']);
      expect((await store.events(begun!, 0, 1000)).events).toMatchObject([{ name: 'job:progress', args: ['wharrgarbl'] }]);
      expect((await store.events(twice!, 0, 1000)).events).toMatchObject([{ seq: 0, name: 'job:errored' }]);
    } finally {
      await store.close();
    }
  });
});

/** Numbers in [0, 1), each lower than the one before. */
function falling(): () => number {
  let last = 1;
  return () => {
    last /= 2;
    return last;
  };
}

describe('the queue', () => {
  const [pushed, putBack] = ['push', 'requeue'] as const;
  type Added = [how: typeof pushed | typeof putBack, id: unknown, data?: unknown];

  /** The ids that come out, all at once. */
  async function out(added: readonly Added[], options?: ForerunnerQueueOptions): Promise<unknown[]> {
    const queue = forerunnerQueue(options);
    for (const [how, id, data] of added) queue[how](id, 'crawl', data);
    const ids: unknown[] = [];
    await promisify<void>((done) => queue.each(100, (id) => ids.push(id), done))();
    return ids;
  }

  test.each<[string, Added[], ForerunnerQueueOptions, unknown[]]>([
    [
      'gives the first that came, and what was put back before all',
      [
        [pushed, 1],
        [pushed, '1'],
        [putBack, 8],
        [putBack, 9],
      ],
      {},
      [9, 8, 1, '1'],
    ],
    [
      'weighs',
      [
        [pushed, 1, 3],
        [pushed, 2, 5],
      ],
      { order: ({ data }) => Number(data) },
      [2, 1],
    ],
    [
      'draws lots',
      [
        [pushed, 1],
        [pushed, 2],
        [putBack, 3],
      ],
      {
        order: 'random',
        random: falling(),
      },
      [3, 2, 1],
    ],
  ])('%s', async (_, added, options, expected) => expect(await out(added, options)).toEqual(expected));

  test('gives no more than was asked for, and keeps what its taker threw at', async () => {
    const queue = forerunnerQueue();
    for (const id of [1, 2, 3]) queue.push(id, 'crawl', null);
    const taken: unknown[] = [];
    const each = (take: (id: unknown) => void) => promisify<void>((done) => queue.each(2, take, done))();
    await expect(
      each((id) => {
        if (id === 2) throw new Error('no');
        taken.push(id);
      }),
    ).rejects.toThrow('no');
    await each((id) => taken.push(id));
    expect(taken).toEqual([1, 2, 3]);
  });
});

test('what is asked of the store at once is done in turn, and a job that is over takes no more', async () => {
  const memory = createMemoryStore();
  const store = forerunnerStore(memory);
  const id = await new Promise<string>((resolve) => store.create('crawl', { url: 'x' }, (_, given) => resolve(given!)));
  const said: unknown[] = [];
  await new Promise<void>((resolve) => {
    store.progress(id, 0.5, (error) => said.push(error));
    store.countFailed(id, 'net', (error, count) => said.push(error, count));
    store.complete(id, 'text', (error) => said.push(error));
    store.progress(id, 1, (error) => {
      said.push((error as Error).message);
      resolve();
    });
  });
  expect(said).toEqual([null, null, 1, null, `Job ${id} is done`]);
  expect(await memory.job(id)).toMatchObject({ status: 'done', outcome: 'passed', attempt: 2, cursor: 4 });
  expect((await memory.attempts(id)).map(({ outcome, firstCursor }) => [outcome, firstCursor])).toEqual([
    ['errored', 0],
    ['passed', 2],
  ]);
});
