import { expect, test } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import { startQueen, type TestQueen } from '../helpers/startQueen.js';
import { heard } from './heard.js';

/** Connects as one that says and takes several messages in one, and is told that the queen does too. */
async function talkative(queen: TestQueen, namespace = ''): Promise<Socket & Disposable> {
  const socket = io(queen.url + namespace, { transports: ['websocket'], forceNew: true, auth: { many: true } });
  expect(await heard(socket, 'many')).toEqual([[]]);
  return Object.assign(socket, { [Symbol.dispose]: () => void socket.disconnect() });
}

test('of several messages in one each is answered for itself, in order, whatever becomes of the others', async () => {
  await using queen = await startQueen();
  using socket = await talkative(queen);
  const answers = await socket.emitWithAck('many', [
    ['queue:new', { id: 'a' }],
    ['queue:new', { id: '/' }],
    ['nonsense'],
    ['many', []],
    ['job:cancel', 'nobody'],
    ['queue:new', { id: 'a' }],
    ['queue:watch'],
  ]);
  const refused = (code: string) => ({ error: expect.objectContaining({ code }) });
  expect(answers).toEqual([
    { id: 'a' },
    refused('INVALID_JOB'),
    refused('UNKNOWN_EVENT'),
    refused('UNKNOWN_EVENT'),
    refused('JOB_NOT_FOUND'),
    { id: 'a' },
    {},
  ]);
  expect(await socket.emitWithAck('many', [])).toEqual([]);
});

test.each([
  ['no list', 'queue:new'],
  ['a message without a name', [[]]],
  ['more than 256', Array.from({ length: 257 }, () => ['queue:watch'])],
])('several messages that are %s are refused as a whole, and the queen lives on', async (_, messages) => {
  await using queen = await startQueen();
  using socket = await talkative(queen);
  expect(await socket.emitWithAck('many', messages)).toMatchObject({ error: { code: 'INVALID_MESSAGE' } });
  expect(await socket.emitWithAck('queue:new', { id: 'a' })).toEqual({ id: 'a' });
});

test('several messages in one count as so many; one more than the limit can be said at all', async () => {
  await using queen = await startQueen({ limits: { maxEventRate: 3 } });
  using socket = await talkative(queen);
  const many = () => socket.emitWithAck('many', [['queue:watch'], ['queue:watch'], ['queue:watch'], ['queue:watch']]);
  const [first, second] = await Promise.all([many(), many()]);
  expect(first).toEqual([{}, {}, {}, {}]);
  // Unless a second has just gone by between the two.
  expect([[{}, {}, {}, {}], { error: expect.objectContaining({ code: 'RATE_LIMITED' }) }]).toContainEqual(second);
});

test('what a drone is told in one turn it is told at once if it said that it takes that, else one by one', async () => {
  await using queen = await startQueen();
  using caller = await talkative(queen);
  const submit = (...jobs: object[]) =>
    caller.emitWithAck(
      'many',
      jobs.map((job) => ['queue:new', job]),
    );
  const plain = await queen.drone('plain', 2);
  const given: string[] = [];
  plain.onAny((name: string) => given.push(name));
  await submit({ id: 'a' }, { id: 'b' });
  while (given.length < 2) await heard(plain, 'queue:new');
  expect(given).toEqual(['queue:new', 'queue:new']);
  using drone = await talkative(queen, '/drone');
  await drone.emitWithAck('drone:info', { speed: 1000, capacity: 3, handlers: ['fast'] });
  const told = heard(drone, 'many');
  await submit({ id: 'c', job_type: 'fast' }, { id: 'd', job_type: 'fast' }, { id: 'e', job_type: 'fast' });
  const [messages] = (await told) as [[name: string, job: { id: string }][]];
  expect(messages.map(([name, { id }]) => [name, id])).toEqual([
    ['queue:new', 'c'],
    ['queue:new', 'd'],
    ['queue:new', 'e'],
  ]);
});

test('who watches the queue is told several things at once only if it said that it takes that', async () => {
  await using queen = await startQueen();
  using modern = await talkative(queen);
  const plain = io(queen.url, { transports: ['websocket'], forceNew: true });
  const ended = (socket: Socket, wanted: number): Promise<string[]> =>
    new Promise((resolve) => {
      const ids: string[] = [];
      const done = (id: string, { status }: { status: string }): void => {
        if (status === 'done' && ids.push(id) === wanted) resolve(ids.sort());
      };
      socket.on('job:summary', done);
      socket.on('many', (messages: [string, string, { status: string }][]) => {
        for (const [name, id, summary] of messages) if (name === 'job:summary') done(id, summary);
      });
    });
  const names = ['a', 'b', 'c'];
  const all = [ended(modern, 3), ended(plain, 3)];
  await Promise.all([modern.emitWithAck('queue:watch'), plain.emitWithAck('queue:watch')]);
  let together = 0;
  modern.on('many', () => (together += 1));
  plain.on('many', () => (together += 100));
  await modern.emitWithAck(
    'many',
    names.flatMap((id) => [
      ['queue:new', { id }],
      ['job:cancel', id],
    ]),
  );
  expect(await Promise.all(all)).toEqual([names, names]);
  expect(together).toBeLessThan(3);
  plain.disconnect();
});
