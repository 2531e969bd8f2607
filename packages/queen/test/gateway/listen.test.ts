import { expect, test } from '@jest/globals';
import { io } from 'socket.io-client';
import { ask, startQueen } from '../helpers/startQueen.js';
import { heard } from './heard.js';

/** Socket.IO's own client takes any value for the name of an event; its types do not. */
interface Speaker {
  emit(event: unknown, ...args: unknown[]): unknown;
}

test.each(['', '/drone'])('a message on %p whose name is a number is refused, and the queen lives on', async (namespace) => {
  await using queen = await startQueen();
  const socket = io(queen.url + namespace, { transports: ['websocket'], forceNew: true });
  const refused = heard(socket, 'error:invalid');
  (socket as unknown as Speaker).emit(5, 'x');
  expect(await refused).toEqual(['5', expect.objectContaining({ code: namespace === '' ? 'UNKNOWN_EVENT' : 'NOT_REGISTERED' })]);
  expect(await ask(`${queen.url}/healthz`)).toMatchObject({ status: 200 });
  socket.disconnect();
});

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

test.each([
  ['nested 10,000 levels deep', `{"data":${nested(10_000)}}`],
  ['of 200,000 values', `{"data":[${'0,'.repeat(200_000)}0]}`],
])('a job %s is refused by name, and the next one is taken', async (_, body) => {
  await using queen = await startQueen();
  expect(await ask(`${queen.url}/api/jobs`, { method: 'POST', body })).toMatchObject({
    status: 400,
    json: { error: { code: 'INVALID_MESSAGE' } },
  });
  expect(await ask(`${queen.url}/api/jobs`, { method: 'POST', body: { data: [[]] } })).toMatchObject({ status: 201 });
});

test.each([
  ['is bytes', Buffer.from('{}')],
  ['holds bytes', { data: [Buffer.from('x')] }],
])('a job that %s is refused by name', async (_, job) => {
  await using queen = await startQueen();
  const socket = io(queen.url, { transports: ['websocket'], forceNew: true });
  expect(await socket.emitWithAck('queue:new', job)).toMatchObject({ error: { code: 'INVALID_JOB' } });
  socket.disconnect();
});
