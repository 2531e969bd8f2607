import { describe, expect, test } from '@jest/globals';
import { io } from 'socket.io-client';
import { startQueen } from '../helpers/startQueen.js';
import { heard } from './heard.js';

const MAX_PAYLOAD = 5 * 1024 * 1024;

describe.each(['/', '/drone'])('on %s', (namespace) => {
  test.each([
    ['from the start', ['websocket']],
    ['after polling', ['polling', 'websocket']],
  ])('a peer over a WebSocket %s is told that its message was too large', async (_, transports) => {
    await using queen = await startQueen({ limits: { maxPayload: MAX_PAYLOAD } });
    const socket = io(queen.url + namespace, { transports, forceNew: true, reconnection: false });
    await heard(socket, 'connect');
    if (socket.io.engine.transport.name !== 'websocket') await new Promise((resolve) => socket.io.engine.once('upgrade', resolve));
    const told = heard(socket, 'error:invalid');
    const ended = new Promise<unknown>((resolve) => socket.once('disconnect', (_reason, details) => resolve(details)));
    socket.emit('queue:new', { data: 'x'.repeat(MAX_PAYLOAD) });
    expect(await told).toEqual([
      'message',
      expect.objectContaining({ code: 'PAYLOAD_TOO_LARGE', message: `A message is larger than maxPayload (${MAX_PAYLOAD} bytes)` }),
    ]);
    expect(await ended).toMatchObject({ context: { code: 1009, reason: 'PAYLOAD_TOO_LARGE' } });
  });

  test('a message of just maxPayload is taken', async () => {
    await using queen = await startQueen({ limits: { maxPayload: MAX_PAYLOAD } });
    const socket = io(queen.url + namespace, { transports: ['websocket'], forceNew: true });
    const prefix = `42${namespace === '/' ? '' : '/drone,'}0["nothing","`;
    const data = 'x'.repeat(MAX_PAYLOAD - prefix.length - '"]'.length);
    expect(await socket.timeout(5000).emitWithAck('nothing', data)).toMatchObject({ error: { code: expect.any(String) } });
    socket.disconnect();
  });
});
