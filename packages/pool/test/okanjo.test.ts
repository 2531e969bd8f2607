import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Broker, type BrokerWorker } from '../src/index.js';
import { children, isAlive } from './helpers/processes.js';

// Workers of the npm package okanjo-app-broker with the npm package okanjo-app, as they are.
const entry = new URL('fixtures/okanjo.cjs', import.meta.url);
let api: Broker;
let jobs: Broker;

beforeEach(async () => {
  api = new Broker({ type: 'api', entry, environment: 'test' });
  jobs = new Broker({ type: 'jobs', entry });
});

afterEach(async () => {
  await Promise.all([api.close(), jobs.close()]);
  expect(children()).toEqual([]);
});

test('an OkanjoWorker finds its type and environment, serves, reports, and ends what it does when it is recycled', async () => {
  const ops = once(api, 'ops');
  const [hello, worker] = (await once(api, 'message')) as [{ port: number }, BrokerWorker];
  expect(hello).toMatchObject({ title: 'node-api-test', isWorker: true, context: { environment: 'test', worker_type: 'api' } });
  expect(await ops).toEqual([{ type: 'ops', data: { pid: worker.pid } }, worker]);
  expect(await (await fetch(`http://127.0.0.1:${hello.port}/`, { headers: { connection: 'close' } })).text()).toBe('api');

  await api.resume();
  const said: unknown[] = [];
  api.on('message', (message, who) => who === worker && said.push(message));
  const ended = once(api, 'ended');
  await api.recycle();
  expect(said).toEqual([{ shutdown: true }]);
  expect(await ended).toEqual([{ id: worker.id, code: 0, signal: null }, worker]);
  expect(api.workers).toHaveLength(1);
});

test('an OkanjoWorker that changes nothing leaves when it is asked to, and ends by the signals that it listens to', async () => {
  await jobs.resume();
  const worker = jobs.workers[0] as BrokerWorker;
  process.kill(worker.pid as number, 'SIGTERM');
  expect(await once(jobs, 'died')).toEqual([{ id: worker.id, code: 0, signal: null }, worker]);
  await jobs.resume();
  const next = jobs.workers[0] as BrokerWorker;
  const ended = once(jobs, 'ended');
  await jobs.drain();
  expect(await ended).toEqual([{ id: next.id, code: 0, signal: null }, next]);
  expect(isAlive(next.pid as number)).toBe(false);
});
