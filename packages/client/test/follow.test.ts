import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { connect, type FollowItem, isOutput, type SkepClient } from '../src/index.js';
import { startQueen } from './helpers/startQueen.js';

const lines = (count: number): string[] => Array.from({ length: count }, (_, index) => `line ${index}`);
const textOf = (items: readonly FollowItem[]): string => Buffer.concat(items.filter(isOutput).map(({ args }) => args[1])).toString();
const wanted = (count: number): string =>
  lines(count)
    .map((line) => `${line}\n`)
    .join('');

/** A client that is closed when it goes out of scope. */
function client(url: string, token?: string): SkepClient & Disposable {
  const made = connect({ url, token });
  return Object.assign(made, { [Symbol.dispose]: () => made.close() });
}

async function all(items: AsyncIterable<FollowItem>, each: (item: FollowItem) => unknown = () => {}): Promise<FollowItem[]> {
  const list: FollowItem[] = [];
  for await (const item of items) {
    list.push(item);
    await each(item);
  }
  return list;
}

/** As a damaged disk does it: the events of this lease cannot be read any more. */
function breakEvents(dataDir: string, lease: number): void {
  const Database = createRequire(import.meta.resolve('@skep/store'))('better-sqlite3');
  const database = new Database(join(dataDir, 'skep.sqlite'));
  database.prepare("update event set args = 'x' where key >> 31 = ?").run(lease);
  database.close();
}

const cursorsOf = (items: readonly FollowItem[]): number[] => items.flatMap((item) => (item.type === 'event' ? [item.cursor] : []));

/** More than the queen sends ahead of what is acknowledged, so that a cut always takes something away. */
const MANY = 15_000;

describe('following a job', () => {
  test('gives every event in order, and last the summary that it is done', async () => {
    await using queen = await startQueen();
    using skep = client(queen.url);
    const drone = await queen.drone();
    const { id } = await skep.submit({ phases: { test: ['print'] } });
    const following = all(skep.follow(id));
    drone.perform(await drone.job(), lines(500));
    const items = await following;
    expect(textOf(items)).toBe(wanted(500));
    expect(cursorsOf(items)).toEqual(cursorsOf(items).map((_, index) => index));
    expect(items.at(-1)).toMatchObject({ type: 'summary', summary: { id, status: 'done', outcome: 'passed' } });
    const first = items.find(isOutput);
    expect(first).toMatchObject({ attempt: 1, name: 'job:cmd:stdout', args: [0, expect.any(Uint8Array), { firstByte: 0, firstLine: 0 }] });
  });

  test('a job that is done is given whole, or from the cursor that was asked for', async () => {
    await using queen = await startQueen();
    using skep = client(queen.url);
    const drone = await queen.drone();
    const { id } = await skep.submit({});
    drone.perform(await drone.job(), lines(100));
    const whole = await all(skep.follow(id));
    expect(textOf(whole)).toBe(wanted(100));
    const cursor = whole.filter(isOutput).at(-1)?.cursor ?? 0;
    expect(textOf(await all(skep.follow(id, { cursor })))).toBe('line 99\n');
    expect(await all(skep.follow(id, { cursor: Number.MAX_SAFE_INTEGER }))).toMatchObject([
      { type: 'summary', summary: { status: 'done' } },
    ]);
  });

  test('nothing is missing and nothing comes twice when the connection is lost again and again', async () => {
    await using queen = await startQueen();
    using skep = client(queen.url);
    const drone = await queen.drone();
    const { id } = await skep.submit({});
    drone.perform(await drone.job(), lines(MANY));
    let seen = 0;
    const items = await all(skep.follow(id), (item) => {
      seen += 1;
      if (item.type === 'event' && seen % (MANY / 5) === 0) queen.cut();
    });
    expect(textOf(items)).toBe(wanted(MANY));
    expect(items.filter((item) => item.type === 'connection').length).toBeGreaterThan(1);
    const cursors = cursorsOf(items);
    expect(cursors).toEqual(cursors.map((_, index) => index));
  });

  test('goes on after a restart of the queen', async () => {
    await using queen = await startQueen();
    using skep = client(queen.url);
    const drone = await queen.drone();
    const { id } = await skep.submit({});
    const given = await drone.job();
    drone.say('job:started', given, 1);
    drone.say('job:cmd:start', given, 0, 'print');
    drone.say('job:cmd:stdout', given, 0, 'before\n');
    const items = await all(skep.follow(id), async (item) => {
      if (isOutput(item) && Buffer.from(item.args[1]).toString() === 'before\n') {
        await queen.restart();
        while ((await skep.drones())[0]?.state !== 'busy');
        drone.say('job:cmd:stdout', given, 0, 'after\n');
        drone.say('job:done', given, 3);
      }
    });
    expect(textOf(items)).toBe('before\nafter\n');
    expect(items.at(-1)).toMatchObject({ type: 'summary', summary: { status: 'done' } });
  });

  test('one job can be followed several times at once on one client, and again after leaving', async () => {
    await using queen = await startQueen();
    using skep = client(queen.url);
    const drone = await queen.drone();
    const { id } = await skep.submit({});
    const both = Promise.all([all(skep.follow(id)), all(skep.follow(id))]);
    drone.perform(await drone.job(), lines(2000));
    for (const items of await both) expect(textOf(items)).toBe(wanted(2000));
    for await (const item of skep.follow(id)) if (isOutput(item)) break;
    expect(textOf(await all(skep.follow(id)))).toBe(wanted(2000));
  });

  test('why a job waits is told, and an aborted signal ends the iteration', async () => {
    await using queen = await startQueen();
    using skep = client(queen.url);
    const { id } = await skep.submit({});
    const leaving = new AbortController();
    const items = await all(skep.follow(id, { signal: leaving.signal }), () => leaving.abort());
    expect(items).toMatchObject([{ type: 'summary', summary: { status: 'queued', waiting: { reason: 'no-drone' } } }]);
  });

  test('a job that the queen cannot read fails alone', async () => {
    await using queen = await startQueen();
    using skep = client(queen.url);
    const drone = await queen.drone();
    const [broken, whole] = [await skep.submit({}), await skep.submit({})];
    // More than the queen keeps in memory.
    drone.perform(
      await drone.job(),
      Array.from({ length: 40 }, () => 'x'.repeat(60_000)),
    );
    const second = await drone.job();
    await all(skep.follow(broken.id));
    breakEvents(queen.dataDir, 1);
    const following = all(skep.follow(whole.id));
    await expect(all(skep.follow(broken.id))).rejects.toMatchObject({ code: 'STORE_FAILED', message: expect.stringContaining(broken.id) });
    drone.perform(second, lines(5));
    expect(textOf(await following)).toBe(wanted(5));
  });

  test('a job that does not exist is an error', async () => {
    await using queen = await startQueen();
    using skep = client(queen.url);
    await expect(all(skep.follow('nope'))).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
  });
});
