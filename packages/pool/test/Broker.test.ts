import { execFile, spawn } from 'node:child_process';
import cluster from 'node:cluster';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Broker, type BrokerOptions, type BrokerWorker } from '../src/index.js';
import { children, isAlive, until } from './helpers/processes.js';

const entry = new URL('fixtures/worker.mjs', import.meta.url);
let brokers: Broker[] = [];

afterEach(async () => {
  await Promise.all(brokers.map((broker) => broker.close()));
  brokers = [];
  expect(children()).toEqual([]);
});

function made(options: Partial<BrokerOptions> = {}): Broker {
  const broker = new Broker({ type: 'any', entry, graceMs: 2000, ...options });
  brokers.push(broker);
  return broker;
}

async function started(options: Partial<BrokerOptions> = {}): Promise<Broker> {
  const broker = made(options);
  await broker.resume();
  return broker;
}

const pids = (broker: Broker): number[] => broker.workers.map(({ pid }) => pid as number);
const first = (broker: Broker): BrokerWorker => broker.workers[0] as BrokerWorker;
const firstMessage = async (broker: Broker): Promise<unknown> => (await once(broker, 'message'))[0];

describe('a broker', () => {
  test('keeps as many workers as it should, of its type, beside those of others', async () => {
    const [api, jobs] = await Promise.all([started({ type: 'api', workerCount: 2, environment: 'live' }), started({ type: 'jobs' })]);
    expect([api.workers.length, jobs.workers.length]).toEqual([2, 1]);
    first(api).send({ do: 'report' });
    expect(await firstMessage(api)).toEqual({ worker_type: 'api', env: 'live', args: process.execArgv, variables: [] });
    first(jobs).send({ do: 'report' });
    expect(await firstMessage(jobs)).toMatchObject({ worker_type: 'jobs', env: 'default' });
  });

  test('tells what workers report on their operation apart from what else they say', async () => {
    const broker = await started();
    const [worker] = broker.workers;
    worker?.send({ do: 'ops' });
    expect(await once(broker, 'ops')).toEqual([{ type: 'ops', data: { requests: 7 } }, worker]);
  });

  test.each([
    ['cjs', "if (require.main !== module) process.exit(1); process.send('loaded'); setInterval(() => {}, 1000);"],
    ['mjs', "process.send('loaded'); setInterval(() => {}, 1000);"],
  ])('loads the script of a worker once, as its main module: .%s', async (ending, script) => {
    const folder = mkdtempSync(join(tmpdir(), 'skep-pool-'));
    writeFileSync(join(folder, `worker.${ending}`), script);
    const broker = made({ entry: join(folder, `worker.${ending}`) });
    const said: unknown[] = [];
    broker.on('message', (message) => said.push(message));
    await broker.resume();
    expect(said).toEqual(['loaded']);
    rmSync(folder, { recursive: true });
  });

  test('says how a worker died, and replaces it', async () => {
    const broker = await started({ workerCount: 2 });
    const [one, other] = broker.workers as [BrokerWorker, BrokerWorker];
    one.send({ do: 'exit', code: 3 });
    expect(await once(broker, 'died')).toEqual([{ id: one.id, code: 3, signal: null }, one]);
    process.kill(other.pid as number, 'SIGSEGV');
    expect(await once(broker, 'died')).toEqual([{ id: other.id, code: null, signal: 'SIGSEGV' }, other]);
    await broker.resume();
    expect(broker.workers).toHaveLength(2);
    expect(broker.workers).not.toContain(one);
    expect(broker.workers).not.toContain(other);
  });

  test('shares a port between workers, as the cluster does', async () => {
    const broker = await started({ workerCount: 2 });
    first(broker).send({ do: 'listen' });
    const { port } = (await firstMessage(broker)) as { port: number };
    const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
    expect(Number(await answer.text())).toBe(first(broker).pid);
  });

  test('recycles one worker after the other, and there are never fewer than there should be', async () => {
    const broker = await started({ workerCount: 3 });
    const old = pids(broker);
    const counts: number[] = [];
    broker.on('replaced', () => counts.push(pids(broker).filter(isAlive).length));
    broker.on('ended', () => counts.push(pids(broker).filter(isAlive).length));
    const most: number[] = [];
    broker.on('started', () => most.push(children().length));
    const ends: unknown[] = [];
    broker.on('ended', ({ code, signal }) => ends.push([code, signal]));
    await broker.recycle();
    expect(old.filter(isAlive)).toEqual([]);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(3);
    expect(Math.max(...most)).toBe(4);
    expect(ends).toEqual([0, 0, 0].map((code) => [code, null]));
    expect(pids(broker).filter(isAlive)).toHaveLength(3);
  });

  test('keeps the old workers when new ones cannot live, which it tries less and less often', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'skep-pool-'));
    const script = join(folder, 'worker.mjs');
    writeFileSync(script, 'setInterval(() => {}, 1000);');
    const broker = await started({ entry: script, workerCount: 2 });
    const old = pids(broker);
    const waits: number[] = [];
    broker.on('failing', ({ retryMs }) => waits.push(retryMs));
    // Slow to load, so that it is not the time alone that says that it is up.
    writeFileSync(script, 'await new Promise((resolve) => setTimeout(resolve, 400)); process.exit(3);');
    await expect(broker.recycle()).rejects.toMatchObject({
      code: 'WORKERS_DIE',
      message: 'The old workers were kept: 6 in a row ended young, the last one it ended with exit code 3',
    });
    expect(waits).toEqual([100, 200, 400, 800, 1600, 3200]);
    expect(pids(broker)).toEqual(old);
    expect(old.every(isAlive)).toBe(true);
    rmSync(folder, { recursive: true });
  });

  test('kills a worker that ignores everything, at the end of its grace', async () => {
    const broker = await started({ graceMs: 800 });
    const worker = first(broker);
    worker.send({ do: 'ignore' });
    await firstMessage(broker);
    const ended = once(broker, 'ended');
    const since = performance.now();
    await broker.drain();
    expect(performance.now() - since).toBeGreaterThan(700);
    expect(await ended).toEqual([{ id: worker.id, code: null, signal: 'SIGKILL' }, worker]);
    expect(isAlive(worker.pid as number)).toBe(false);
  });

  test('lets a worker that knows nothing of it end what it serves', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'skep-pool-'));
    const script = join(folder, 'worker.mjs');
    writeFileSync(
      script,
      `import { createServer } from 'node:http';
      createServer((_, response) => setTimeout(() => response.end('whole'), 1000))
        .listen(0, '127.0.0.1', function () { process.send({ port: this.address().port }); });`,
    );
    const broker = made({ entry: script, graceMs: 8000 });
    const { port } = (await firstMessage(broker)) as { port: number };
    await broker.resume();
    const answer = fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
    await sleep(200);
    const ended = once(broker, 'ended');
    await broker.drain();
    expect(await (await answer).text()).toBe('whole');
    expect((await ended)[0]).toMatchObject({ code: 0, signal: null });
    rmSync(folder, { recursive: true });
  });

  test('kills and replaces a worker whose event loop stands still, also one that is stopped', async () => {
    const broker = await started({ workerCount: 2, hangMs: 2000 });
    const [hanging, stopped] = broker.workers as [BrokerWorker, BrokerWorker];
    const ends: unknown[] = [];
    broker.on('died', (end) => ends.push(end));
    hanging.send({ do: 'hang' });
    process.kill(stopped.pid as number, 'SIGSTOP');
    await until(() => ends.length === 2, 'their ends');
    const why = 'its event loop stood still for 2 s';
    expect(ends).toEqual(expect.arrayContaining([hanging, stopped].map(({ id }) => ({ id, code: null, signal: 'SIGKILL', why }))));
    await broker.resume();
    expect(broker.workers).toHaveLength(2);
  });

  test('replaces a worker that holds too much memory', async () => {
    const broker = await started({ maxMemoryBytes: 400 * 2 ** 20 });
    const worker = first(broker);
    worker.send({ do: 'grow', bytes: 500 * 2 ** 20 });
    const [replaced, why] = await once(broker, 'replaced');
    expect(replaced).toBe(worker);
    expect(why).toMatch(/^it holds .* MiB of memory$/);
    await until(() => !isAlive(worker.pid as number), 'its end');
    expect(broker.workers).toHaveLength(1);
  });

  test('replaces workers less and less often where a fresh one is too large already', async () => {
    const broker = made({ maxMemoryBytes: 1 });
    const [failing] = await once(broker, 'failing');
    expect(failing).toMatchObject({ failures: 1, retryMs: 100, how: expect.stringMatching(/^it holds/) });
    expect((await once(broker, 'failing'))[0]).toMatchObject({ failures: 2, retryMs: 200 });
  });

  test('replaces workers of an age', async () => {
    const broker = await started({ recycleRate: 1500 });
    const worker = first(broker);
    expect(await once(broker, 'replaced')).toEqual([worker, expect.stringMatching(/^it is \d s old$/)]);
    await until(() => !isAlive(worker.pid as number), 'its end');
  });

  test('drains, resumes and changes its size, and says when each is done', async () => {
    const broker = await started({ workerCount: 1 });
    const [old] = pids(broker) as [number];
    await broker.resize(3);
    expect(pids(broker).filter(isAlive)).toHaveLength(3);
    expect(pids(broker)).toContain(old);
    await broker.resize(1);
    expect(children()).toHaveLength(1);
    await broker.drain();
    expect([broker.isDraining, broker.workers, children()]).toEqual([true, [], []]);
    await broker.resize(2);
    expect(children()).toEqual([]);
    await broker.resume();
    expect([broker.isDraining, children().length]).toEqual([false, 2]);
    await broker.resize(0);
    expect(children()).toEqual([]);
  });

  test('is closed for good, also while its workers are still starting', async () => {
    const broker = made({ workerCount: 2 });
    expect(children()).toHaveLength(2);
    await broker.close();
    expect(children()).toEqual([]);
    await expect(broker.resume()).rejects.toMatchObject({ code: 'POOL_CLOSED' });
    await expect(broker.resize(2)).rejects.toMatchObject({ code: 'POOL_CLOSED' });
    await broker.close();
  });

  test('leaves nothing behind, neither listeners nor what the cluster is set to', async () => {
    const listeners = () =>
      [process, cluster].map((emitter) => emitter.eventNames().map((name) => [name, emitter.listenerCount(name as never)]));
    await (await started()).close();
    const before = listeners();
    const { exec, execArgv } = cluster.settings;
    const broker = await started({ workerCount: 2 });
    await broker.recycle();
    await broker.close();
    expect(listeners()).toEqual(before);
    expect([cluster.settings.exec, cluster.settings.execArgv]).toEqual([exec, execArgv]);
    expect(Object.keys(cluster.workers ?? {})).toEqual([]);
  });

  test('whose process is killed takes its workers along, those that hang and those that ignore it too', async () => {
    const parent = spawn(process.execPath, [fileURLToPath(new URL('fixtures/parent.mjs', import.meta.url))], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface(parent.stdout), 'line')) as [string];
    const workers = line.split(' ').map(Number);
    expect(workers.filter(isAlive)).toHaveLength(3);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await until(() => !workers.some(isAlive), 'their ends');
  });

  test.each([
    ['no type', { type: '' }, /type/],
    ['a count that is none', { workerCount: -1 }, /workerCount/],
    ['a time in which nobody can show life', { hangMs: 100 }, /hangMs/],
    ['an option that it does not know', { workers: 3 } as never, /workers/],
    ['no script', { entry: '/no/such/worker.mjs' }, /\/no\/such\/worker\.mjs/],
  ])('refuses %s', (_, options, message) => {
    expect(() => made(options)).toThrow(expect.objectContaining({ code: 'INVALID_CONFIG', message: expect.stringMatching(message) }));
  });

  test('is refused to a worker', async () => {
    const script = `import cluster from 'node:cluster';
      if (cluster.isPrimary) cluster.fork().on('exit', (code) => process.exit(code));
      else import(${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)})
        .then(({ Broker }) => { try { new Broker({ type: 'any' }); } catch ({ code }) { process.exit(code === 'INVALID_CONFIG' ? 7 : 8); } });`;
    const folder = mkdtempSync(join(tmpdir(), 'skep-pool-'));
    writeFileSync(join(folder, 'main.mjs'), script);
    await expect(promisify(execFile)(process.execPath, [join(folder, 'main.mjs')])).rejects.toMatchObject({ code: 7 });
    rmSync(folder, { recursive: true });
  });
});
