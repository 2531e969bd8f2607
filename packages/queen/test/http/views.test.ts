import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ErrorAnswer, FacetsAnswer, MAX_VIEWS, View, ViewsAnswer } from '@skep/protocol';
import { createMemoryStore } from '@skep/store';
import { createViews } from '../../src/http/views.js';
import { ask, startQueen, submit, type TestQueen, until } from '../helpers/startQueen.js';

const codeOf = (json: unknown): string => ErrorAnswer.parse(json).error.code;

describe('views', () => {
  let queen: TestQueen;
  beforeAll(async () => {
    queen = await startQueen();
  });
  afterAll(async () => {
    await queen[Symbol.asyncDispose]();
  });
  const put = (name: string, body: unknown) => ask(`${queen.url}/api/views/${encodeURIComponent(name)}`, { method: 'PUT', body });

  test('are kept under their name, replaced, listed and forgotten', async () => {
    const made = await put('what failed', { filter: { outcome: 'failed' } });
    expect([made.status, View.parse(made.json)]).toMatchObject([200, { name: 'what failed', filter: { outcome: 'failed' } }]);
    await put('what failed', { filter: { outcome: 'failed', project: 'web' } });
    await put('active', { filter: { status: 'active' } });
    const { views } = ViewsAnswer.parse((await ask(`${queen.url}/api/views`)).json);
    expect(views).toMatchObject([
      { name: 'active', filter: { status: 'active' } },
      { name: 'what failed', filter: { outcome: 'failed', project: 'web' } },
    ]);
    const drop = () => ask(`${queen.url}/api/views/active`, { method: 'DELETE' });
    expect((await drop()).status).toBe(204);
    const again = await drop();
    expect([again.status, codeOf(again.json)]).toEqual([404, 'VIEW_NOT_FOUND']);
  });

  test.each([
    ['of an outcome that there is not', 'x', { filter: { outcome: 'great' } }],
    ['without a filter', 'x', {}],
    ['whose name is too long', 'x'.repeat(101), { filter: {} }],
    ['whose name is blank', ' ', { filter: {} }],
  ])('one %s is refused', async (_, name, body) => {
    const answer = await put(name, body);
    expect([answer.status, codeOf(answer.json)]).toEqual([400, 'INVALID_MESSAGE']);
  });
});

test('a queen keeps no more views than it may, also of many at once, and knows them after a restart', async () => {
  const store = createMemoryStore();
  const views = await createViews({ store, now: () => 5 });
  const puts = Array.from({ length: MAX_VIEWS + 3 }, (_, number) => views.put(`view ${number}`, {}));
  const refused = (await Promise.allSettled(puts)).flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  expect(refused).toMatchObject(Array(3).fill({ code: 'TOO_MANY_VIEWS' }));
  await views.put('view 0', { project: 'web' });
  const next = await createViews({ store, now: () => 6 });
  expect(next.list()).toEqual(views.list());
  expect(next.list()).toHaveLength(MAX_VIEWS);
});

test('what the store refuses is no view', async () => {
  const store = createMemoryStore();
  const views = await createViews({ store, now: () => 5 });
  await views.put('kept', { project: 'web' });
  await store.close();
  await expect(views.put('kept', {})).rejects.toMatchObject({ code: 'STORE_FAILED' });
  await expect(views.put('new', {})).rejects.toMatchObject({ code: 'STORE_FAILED' });
  await expect(views.drop('kept')).rejects.toMatchObject({ code: 'STORE_FAILED' });
  expect(views.list()).toEqual([{ name: 'kept', filter: { project: 'web' }, changed: 5 }]);
});

test('the facets of a list of jobs are each counted under the others', async () => {
  await using queen = await startQueen();
  for (const project of ['web', 'web', 'store']) await submit(queen.url, { project });
  const gone = await submit(queen.url, { project: 'store' });
  await ask(`${queen.url}/api/jobs/${gone}/cancel`, { method: 'POST' });
  const facets = async (query = '') => FacetsAnswer.parse((await ask(`${queen.url}/api/facets${query}`)).json);
  // An answer serves a second long.
  const all = await until(facets, ({ standings }) => standings.length === 2);
  expect(all).toEqual({
    standings: [
      { status: 'done', outcome: 'cancelled', jobs: 1 },
      { status: 'queued', jobs: 3 },
    ],
    projects: expect.arrayContaining([
      { project: 'web', jobs: 2 },
      { project: 'store', jobs: 2 },
    ]),
    drones: [],
    isAll: true,
  });
  const ofStore = await facets('?project=store&status=queued');
  expect(ofStore.standings.map(({ jobs }) => jobs)).toEqual([1, 1]);
  expect(ofStore.projects).toEqual([
    { project: 'web', jobs: 2 },
    { project: 'store', jobs: 1 },
  ]);
  const bad = await ask(`${queen.url}/api/facets?status=great`);
  expect([bad.status, codeOf(bad.json)]).toEqual([400, 'INVALID_MESSAGE']);
});
