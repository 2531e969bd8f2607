import { afterEach, expect, test } from '@jest/globals';
import { HookName, type JobNotice } from '@skep/protocol';
import { Queen } from '@skep/queen';
import { io, type Socket } from 'socket.io-client';
import { submit, until } from './helpers/startQueen.js';

const running: { queen: Queen; drone: Socket }[] = [];
afterEach(async () => {
  for (const { queen, drone } of running.splice(0)) {
    drone.disconnect();
    await queen.close();
  }
});

/** A queen in memory with a plain drone that does with each attempt, by its number, what the test says. */
async function startFleet(perform: (say: (event: string, ...args: unknown[]) => void, attempt: number) => void) {
  const queen = new Queen({ store: 'memory', port: 0 });
  const { url } = await queen.listen();
  const drone = io(`${url}/drone`, { transports: ['websocket'], forceNew: true });
  running.push({ queen, drone });
  drone.on('drone:query-info', () =>
    drone.emit('drone:info', { name: 'one', id: 'one', speed: 1, capacity: 4, handlers: ['crawl', 'resize'] }),
  );
  drone.on('queue:new', ({ id, attempt }: { id: string; attempt: number }) =>
    perform((event, ...args) => drone.emit(event, id, ...args), attempt),
  );
  return { queen, url };
}

/** Has all hooks of these types kept. */
function keepAll(queen: Queen, types: string | string[]): JobNotice[] {
  const kept: JobNotice[] = [];
  for (const name of HookName.options) queen.hook(name, types, (notice) => kept.push(notice));
  return kept;
}

test('hooks see a task through a failure and its retry to its end, each step once and in order, and only of their types', async () => {
  const { queen, url } = await startFleet((say, attempt) => {
    say('job:started', Date.now());
    if (attempt === 1) return say('job:errored', { code: 'handler-failed', message: 'no network' }, Date.now());
    say('job:progress', 0.5);
    say('job:result', { pages: 3 });
    say('job:done', Date.now());
  });
  const [kept, others] = [keepAll(queen, ['crawl', 'other']), keepAll(queen, 'resize')];
  const id = await submit(url, { job_type: 'crawl', data: {}, retry: { failed: 2, backoff: 0.01 } });
  await until(
    async () => kept.at(-1)?.hook,
    (hook) => hook === 'complete',
  );
  expect(kept.map(({ hook, job }) => [hook, job.id, job.attempt, job.status])).toEqual([
    ['created', id, 0, 'queued'],
    ['staged', id, 1, 'assigned'],
    ['countFailed', id, 1, 'running'],
    ['staged', id, 2, 'assigned'],
    ['progress', id, 2, 'running'],
    ['complete', id, 2, 'done'],
  ]);
  expect(kept[2]).toMatchObject({ failures: 1, reason: 'no network', retryAt: expect.any(Number) });
  expect([kept[4]?.value, kept[5]?.value]).toEqual([0.5, { pages: 3 }]);
  expect(others).toEqual([]);
  expect(queen.status()).toMatchObject({ jobs: { queued: 0, running: 0 }, drones: [{ name: 'one', running: [] }] });
});

test('a job that fails for good has its last failure counted without another to come, and then failed', async () => {
  const { queen, url } = await startFleet((say) => say('job:errored', { code: 'handler-failed', message: 'never' }, Date.now()));
  const kept = keepAll(queen, '*');
  await submit(url, { job_type: 'crawl', retry: { failed: 1, backoff: 0.01 } });
  await until(
    async () => kept.at(-1)?.hook,
    (hook) => hook === 'failed',
  );
  expect(
    kept.flatMap(({ hook, failures, retryAt, job }) => (/ailed/.test(hook) ? [[hook, failures, typeof retryAt, job.outcome]] : [])),
  ).toEqual([
    ['countFailed', 1, 'number', undefined],
    ['countFailed', 2, 'object', undefined],
    ['failed', undefined, 'undefined', 'errored'],
  ]);
});

test('a hook that throws, rejects or never ends harms nobody, and one that was ended is not called', async () => {
  const { queen, url } = await startFleet((say) => say('job:done', Date.now()));
  const stop = queen.hook('created', '*', () => done.push('ended'));
  queen.hook('complete', '*', () => {
    throw new Error('thrown');
  });
  queen.hook('complete', '*', () => Promise.reject(new Error('rejected')));
  queen.hook('complete', '*', () => new Promise(() => {}));
  const done: string[] = [];
  queen.hook('complete', '*', ({ job }) => done.push(job.id));
  stop();
  for (const id of ['a', 'b']) await submit(url, { id, job_type: 'crawl' });
  await until(
    async () => done,
    ({ length }) => length === 2,
  );
  expect(done).toEqual(['a', 'b']);
  expect(() => queen.hook('finished' as 'failed', '*', () => {})).toThrow();
});
