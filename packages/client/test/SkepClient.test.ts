import { describe, expect, test } from '@jest/globals';
import { connect, type QueueChange, type SkepClient } from '../src/index.js';
import { startQueen } from './helpers/startQueen.js';

function client(url: string, token?: string, deadlineMs = 10_000): SkepClient & Disposable {
  const made = connect({ url, token, deadlineMs });
  return Object.assign(made, { [Symbol.dispose]: () => made.close() });
}

describe('a client', () => {
  test('submits, queries, lists, reads output, cancels and retries', async () => {
    await using queen = await startQueen();
    using skep = client(queen.url);
    const drone = await queen.drone();
    const { id } = await skep.submit({ id: 'mine', project: 'web' });
    expect(id).toBe('mine');
    await expect(skep.retry(id)).rejects.toMatchObject({ code: 'JOB_NOT_DONE' });
    drone.perform(await drone.job(), ['one', 'two']);
    for await (const _ of skep.follow(id));
    expect(await skep.query(id)).toMatchObject({ id, status: 'done', outcome: 'passed', cmds: [{ num: 0, out: 'one\ntwo\n' }] });
    expect(await skep.jobs({ project: 'web', limit: 5 })).toMatchObject({ jobs: [{ id }], next: null });
    const pieces: Uint8Array[] = [];
    for await (const piece of skep.output(id, { lines: '2-2' })) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe('two\n');
    const chunks: string[] = [];
    for await (const { bytes, command, stream } of skep.chunks(id)) chunks.push(`${command} ${stream} ${Buffer.from(bytes)}`);
    expect(chunks).toEqual(['0 stdout one\n', '0 stdout two\n']);
    const again = await skep.retry(id);
    expect(await skep.cancel(again.id, 'enough')).toHaveProperty('status');
    expect(await skep.drones()).toMatchObject([{ name: 'plain', capacity: 1000 }]);
    expect(await skep.drain('plain', 'new disk')).toMatchObject({ state: 'draining' });
    expect(await skep.resume('plain')).not.toMatchObject({ state: 'draining' });
  });

  test('searches output, all of it or so much as is wanted', async () => {
    await using queen = await startQueen();
    using skep = client(queen.url);
    const drone = await queen.drone();
    const { id } = await skep.submit({});
    const lines = Array.from({ length: 2500 }, (_, index) => `line ${index + 1}`);
    drone.perform(await drone.job(), [lines.join('\n')]);
    for await (const _ of skep.follow(id));
    const found: number[] = [];
    const searching = skep.search(id, { q: 'LINE' });
    let next = await searching.next();
    for (; !next.done; next = await searching.next()) found.push(next.value.line);
    expect(found).toEqual(lines.map((_, index) => index + 1));
    expect(next.value).toEqual({ end: true, hits: 2500, lines: 2500, commands: { 0: 2500 } });
    for await (const { line } of skep.search(id, { q: '^line 24..$', regex: true })) {
      expect(line).toBe(2400);
      break;
    }
    const few = skep.search(id, { q: 'line', case: true, from: 10, limit: 1 });
    expect(await few.next()).toMatchObject({ value: { line: 10, text: 'line 10', column: 1 } });
    expect(await few.next()).toMatchObject({ done: true, value: { hits: 2491, next: 11 } });
    await expect(skep.search(id, { q: '[', regex: true }).next()).rejects.toMatchObject({ code: 'INVALID_MESSAGE' });
  });

  test('submits many jobs at once, each answered for itself', async () => {
    await using queen = await startQueen();
    using skep = client(queen.url);
    await skep.submit({ id: 'first' });
    const jobs = Array.from({ length: 600 }, (_, n) => (n === 300 ? { id: '/' } : { id: n === 301 ? 'first' : `job-${n}` }));
    const answers = await Promise.allSettled(jobs.map((job) => skep.submit(job)));
    expect(answers[300]).toMatchObject({ status: 'rejected', reason: { code: 'INVALID_JOB' } });
    expect(answers.filter((_, n) => n !== 300)).toEqual(
      jobs.filter((_, n) => n !== 300).map(({ id }) => ({ status: 'fulfilled', value: { id } })),
    );
  });

  test('a submission that is repeated is the same job', async () => {
    await using queen = await startQueen();
    using skep = client(queen.url);
    const submitting = skep.submit({ project: 'once' });
    queen.cut();
    await submitting;
    queen.cut();
    await skep.submit({ id: (await submitting).id, project: 'once' });
    expect((await skep.jobs()).jobs).toHaveLength(1);
  });

  test('a job too large for a message is refused by name', async () => {
    await using queen = await startQueen({ limits: { maxPayload: 5 * 1024 * 1024 } });
    using skep = client(queen.url);
    await expect(skep.submit({ data: 'x'.repeat(6 * 1024 * 1024) })).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    expect((await skep.submit({ data: 'x'.repeat(300 * 1024) })).id).toBeDefined();
  });

  test('hears of jobs and drones, and is told when it may have missed something', async () => {
    await using queen = await startQueen();
    using skep = client(queen.url);
    const changes: QueueChange[] = [];
    const seen = (fits: (change: QueueChange) => boolean): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => (changes.some(fits) ? resolve() : void setTimeout(look, 5));
        look();
      });
    const stop = skep.watchQueue((change) => changes.push(change));
    await seen(({ type }) => type === 'connected');
    await queen.drone();
    await seen((change) => change.type === 'drone' && change.summary.name === 'plain');
    changes.length = 0;
    queen.cut();
    await seen(({ type }) => type === 'connected');
    const { id } = await skep.submit({});
    await seen((change) => change.type === 'job' && change.summary.id === id);
    stop();
  });

  test.each([
    ['submitting', (skep: SkepClient) => skep.submit({})],
    ['listing', (skep: SkepClient) => skep.jobs()],
    ['following', (skep: SkepClient) => skep.follow('any', { awayMs: 300 }).next()],
  ])('%s without a queen fails after the deadline, naming its address', async (_, ask) => {
    const queen = await startQueen();
    await queen[Symbol.asyncDispose]();
    using skep = client(queen.url, undefined, 700);
    await expect(ask(skep)).rejects.toMatchObject({ code: 'QUEEN_UNREACHABLE', message: expect.stringContaining(queen.url) });
  });

  test('a queen that asks for a token refuses at once whoever has none', async () => {
    await using queen = await startQueen({ host: '0.0.0.0' });
    using stranger = client(queen.url);
    await expect(stranger.submit({})).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(stranger.jobs()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    using skep = client(queen.url, queen.adminToken);
    const { token } = await skep.tokens.add('builder', 'drone');
    expect(await skep.tokens.list()).toContainEqual(expect.objectContaining({ name: 'builder', scope: 'drone' }));
    using drone = client(queen.url, token);
    await expect(drone.submit({})).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await skep.tokens.remove('builder');
    await expect(drone.jobs()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('an address that is none is refused at once', () => {
    expect(() => connect({ url: 'build.lan' })).toThrow(expect.objectContaining({ code: 'INVALID_CONFIG' }));
  });
});
