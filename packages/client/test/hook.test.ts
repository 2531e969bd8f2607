import { expect, test } from '@jest/globals';
import type { JobNotice } from '@skep/protocol';
import { connect, type SkepClient } from '../src/index.js';
import { startQueen } from './helpers/startQueen.js';

function client(url: string): SkepClient & Disposable {
  const made = connect({ url, deadlineMs: 10_000 });
  return Object.assign(made, { [Symbol.dispose]: () => made.close() });
}

/** Resolved once it holds; the test's own time limit ends the wait. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('hooks of a client hear of their types, and through a lost connection of all that came meanwhile, each once', async () => {
  await using queen = await startQueen();
  using skep = client(queen.url);
  using caller = client(queen.url);
  const created: string[] = [];
  const ended: JobNotice[] = [];
  let missed = 0;
  const errors: unknown[] = [];
  const options = { onMissed: () => (missed += 1), onError: (error: unknown) => errors.push(error) };
  const stop = skep.hook('created', ['DEPLOY', 'TEST'], ({ job }) => created.push(job.id), options);
  skep.hook(
    'failed',
    'TEST',
    (notice) => {
      ended.push(notice);
      throw new Error('mine');
    },
    options,
  );
  let first = 0;
  // The hooks stand when something is heard of both.
  while (created.length === 0 || ended.length === 0) {
    first += 1;
    await caller.submit({ id: `first-${first}` });
    await caller.cancel(`first-${first}`);
  }
  const all = ['b', 'c', 'd'];
  for (const id of all) {
    queen.cut();
    await caller.submit({ id });
    await caller.submit({ id: `task-${id}`, job_type: 'crawl' });
    await caller.cancel(id, 'enough');
  }
  await until(() => ended.some(({ job }) => job.id === 'd') && created.includes('d'));
  expect(created.filter((id) => !id.startsWith('first'))).toEqual(all);
  expect(ended.map(({ job }) => job.id).filter((id) => !id.startsWith('first'))).toEqual(all);
  expect(ended.at(-1)?.job).toMatchObject({ status: 'done', outcome: 'cancelled', reason: 'enough' });
  expect(missed).toBe(0);
  expect(errors).toHaveLength(ended.length);
  stop();
  // What happened while the queen itself was away is lost, and is said to be.
  await queen.restart();
  await until(() => missed === 1);
  await caller.submit({ id: 'e' });
  await caller.cancel('e');
  await until(() => ended.at(-1)?.job.id === 'e');
  expect(created).not.toContain('e');
  expect(await skep.status()).toEqual({ jobs: { queued: 3, running: 0 }, drones: [] });
});
