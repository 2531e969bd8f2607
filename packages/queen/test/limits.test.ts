import { expect, test } from '@jest/globals';
import { Limits, limitErrors } from '@skep/protocol';
import { io, type Socket } from 'socket.io-client';
import { ask, startQueen, until } from './helpers/startQueen.js';

/** A connection; what it is told if it is refused. */
async function connect(url: string): Promise<{ socket: Socket; refused?: unknown }> {
  const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false });
  const refused = await new Promise<{ data?: unknown } | undefined>((resolve) => {
    socket.once('connect', () => resolve(undefined));
    socket.once('connect_error', resolve);
  });
  return { socket, ...(refused && { refused: refused.data }) };
}

const named = (name: keyof Limits) => ({ code: limitErrors[name], message: expect.stringContaining(name) });

test('maxPayload: a body of just that size is taken, one byte more is not', async () => {
  const maxPayload = 5 * 1024 * 1024;
  await using queen = await startQueen({ limits: { maxPayload } });
  const body = (bytes: number): string => `{"data":"${'x'.repeat(bytes - '{"data":""}'.length)}"}`;
  const submit = (bytes: number) => ask(`${queen.url}/api/jobs`, { method: 'POST', body: body(bytes) });
  expect(await submit(maxPayload)).toMatchObject({ status: 201 });
  expect(await submit(maxPayload + 1)).toMatchObject({ status: 413, json: { error: named('maxPayload') } });
});

test('maxQueue: the job after the last is refused, known ones are not, and there is room when one is done', async () => {
  await using queen = await startQueen({ limits: { maxQueue: 2 } });
  const { socket } = await connect(queen.url);
  const submit = (id: string) => socket.emitWithAck('queue:new', { id });
  expect([await submit('a'), await submit('b')]).toEqual([{ id: 'a' }, { id: 'b' }]);
  expect(await submit('c')).toMatchObject({ error: named('maxQueue') });
  expect(await submit('b')).toEqual({ id: 'b' });
  await socket.emitWithAck('job:cancel', 'a');
  expect(await submit('c')).toEqual({ id: 'c' });
  socket.disconnect();
});

test('maxConnections: the socket after the last is told why, the others stay', async () => {
  await using queen = await startQueen({ limits: { maxConnections: 2 } });
  const [first, second] = [await connect(queen.url), await connect(`${queen.url}/drone`)];
  expect([first.refused, second.refused]).toEqual([undefined, undefined]);
  const third = await connect(queen.url);
  expect(third.refused).toMatchObject(named('maxConnections'));
  third.socket.disconnect();
  expect(await first.socket.emitWithAck('queue:watch')).toEqual({});
  second.socket.disconnect();
  await until(
    async () => {
      const { socket, refused } = await connect(queen.url);
      socket.disconnect();
      return refused;
    },
    (refused) => refused === undefined,
  );
  first.socket.disconnect();
});

test.each([
  [1024, 'passed', 'complete'],
  [1025, 'errored', 'partial'],
])('maxOutput of 1024: an attempt that writes %i bytes is %s, its output %s', async (bytes, outcome, state) => {
  await using queen = await startQueen({ limits: { maxOutput: 1024 } });
  const drone = await queen.drone('d');
  const { socket } = await connect(queen.url);
  await socket.emitWithAck('queue:new', { id: 'a' });
  await drone.emitWithAck('job:cmd:start', 'a', 0, 'print');
  await drone.emitWithAck('job:stdout', 'a', 'x'.repeat(bytes));
  const cancelled = new Promise<unknown[]>((resolve) => drone.once('job:cancel', (...args: unknown[]) => resolve(args)));
  const answer = await drone.emitWithAck('job:done', 'a', 1);
  if (outcome === 'errored') {
    expect(answer).toMatchObject({ error: named('maxOutput') });
    expect(await cancelled).toEqual(['a', 'output-limit']);
  }
  const info = await until(
    () => socket.emitWithAck('job:query-info', 'a') as Promise<{ status: string }>,
    ({ status }) => status === 'done',
  );
  expect(info).toMatchObject({ outcome, output: { state } });
  socket.disconnect();
});

test('maxWatches: the watch after the last is refused, watching one again is not, and there is room when one is ended', async () => {
  await using queen = await startQueen({ limits: { maxWatches: 2 } });
  const { socket } = await connect(queen.url);
  for (const id of ['a', 'b', 'c']) await socket.emitWithAck('queue:new', { id });
  const watch = (id: string) => socket.emitWithAck('job:watch', id);
  expect([await watch('a'), await watch('b'), await watch('b')]).toEqual([{ cursor: 0 }, { cursor: 0 }, { cursor: 0 }]);
  expect(await watch('c')).toMatchObject({ error: named('maxWatches') });
  await socket.emitWithAck('job:unwatch', 'a');
  expect(await watch('c')).toEqual({ cursor: 0 });
  socket.disconnect();
});

test('maxEventRate: messages beyond it are refused, and taken again in the next second', async () => {
  await using queen = await startQueen({ limits: { maxEventRate: 5 } });
  const { socket } = await connect(queen.url);
  const ask = () => socket.emitWithAck('queue:watch') as Promise<object>;
  // More than fit into two seconds, so that one is over wherever the second ends.
  const answers = await Promise.all(Array.from({ length: 11 }, ask));
  expect(answers.filter((answer) => !('error' in answer)).length).toBeGreaterThanOrEqual(5);
  expect(answers.at(-1)).toMatchObject({ error: named('maxEventRate') });
  await until(ask, (answer) => !('error' in answer));
  socket.disconnect();
});

test('no number below its least is taken', async () => {
  for (const name of Object.keys(Limits.shape)) await expect(startQueen({ limits: { [name]: 0 } })).rejects.toThrow();
});
