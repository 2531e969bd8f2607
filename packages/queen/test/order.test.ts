import { expect, test } from '@jest/globals';
import { createMemoryStore, Queen, type QueueOrder, StoreMemory, type WeighedJob } from '@skep/queen';
import { ask, startQueen, submit, until } from './helpers/startQueen.js';

/** The ids of jobs in the order in which a drone with one slot is given them, after the first, behind which all wait. */
async function taken(order: QueueOrder<WeighedJob> | undefined, jobs: readonly object[]): Promise<string[]> {
  await using queen = await startQueen({ store: 'memory', ...(order && { order }) });
  const drone = await queen.drone('one', 1);
  const given: string[] = [];
  drone.on('queue:new', ({ id }: { id: string }) => {
    given.push(id);
    if (id !== 'first') drone.emit('job:done', id, Date.now());
  });
  await submit(queen.url, { id: 'first' });
  for (const job of jobs) await submit(queen.url, job);
  await until(
    async () => given,
    ({ length }) => length === 1,
  );
  drone.emit('job:done', 'first', Date.now());
  await until(
    async () => given,
    ({ length }) => length === jobs.length + 1,
  );
  return given.slice(1);
}

const jobs = [
  { id: 'small', priority: 5, data: { size: 1 } },
  { id: 'broken' },
  { id: 'large', data: { size: 9 } },
  { id: 'other', data: { size: 1 } },
];

test('by default the higher priority goes first, then the first that came', async () =>
  expect(await taken(undefined, jobs)).toEqual(['small', 'broken', 'large', 'other']));

test('by a weight the heaviest goes first, whatever its priority; where the function throws, the weight is 0', async () =>
  // `broken` has no data, and what throws must not lose it.
  expect(await taken(({ job }) => (job.data as { size: number }).size, jobs)).toEqual(['large', 'small', 'other', 'broken']));

test('at random the higher priority still goes first', async () => {
  const [first, ...others] = await taken('random', jobs);
  expect([first, others.toSorted()]).toEqual(['small', ['broken', 'large', 'other']]);
});

test('a queen without folder or store says what it needs', async () =>
  await expect(new Queen({ port: 0 }).listen()).rejects.toMatchObject({ code: 'INVALID_CONFIG', hint: 'Give it a dataDir, or a store.' }));

test('what one queen kept in memory another goes on with', async () => {
  const memory = new StoreMemory();
  await using first = await startQueen({ store: createMemoryStore(memory) });
  await submit(first.url, { id: 'mine' });
  await first[Symbol.asyncDispose]();
  await using second = await startQueen({ store: createMemoryStore(memory) });
  expect((await ask(`${second.url}/api/jobs/mine`)).json).toMatchObject({ id: 'mine', status: 'queued' });
});
