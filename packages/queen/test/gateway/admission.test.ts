import { expect, test } from '@jest/globals';
import { io } from 'socket.io-client';
import { ask, startQueen } from '../helpers/startQueen.js';
import { heard } from './heard.js';

test('what a token opened is closed when it is taken back, and nothing else', async () => {
  await using queen = await startQueen({ host: '0.0.0.0' });
  const address = queen.url.replace('0.0.0.0', '127.0.0.1');
  const asAdmin = { authorization: `Bearer ${queen.adminToken}` };
  const tokens = new Map<string, string>();
  for (const [name, scope] of [
    ['lent', 'admin'],
    ['builders', 'drone'],
  ] as const) {
    const made = await ask(`${address}/api/tokens`, { method: 'POST', headers: asAdmin, body: { name, scope } });
    tokens.set(name, (made.json as { token: string }).token);
  }
  const open = async (namespace: string, token: string | undefined) => {
    const socket = io(address + namespace, { transports: ['websocket'], forceNew: true, reconnection: false, auth: { token } });
    await heard(socket, 'connect');
    return socket;
  };
  const stays = await open('/', queen.adminToken);
  for (const [name, namespace] of [
    ['lent', '/'],
    ['builders', '/drone'],
  ] as const) {
    const socket = await open(namespace, tokens.get(name));
    const told = heard(socket, 'error:invalid');
    const left = heard(socket, 'disconnect');
    expect(await ask(`${address}/api/tokens/${name}`, { method: 'DELETE', headers: asAdmin })).toMatchObject({ status: 204 });
    expect(await told).toEqual([
      'connect',
      expect.objectContaining({ code: 'UNAUTHENTICATED', message: `The token ${name} was taken back` }),
    ]);
    await left;
  }
  expect(stays.connected).toBe(true);
  const followed = await ask(`${address}/api/tokens`, { method: 'POST', headers: asAdmin, body: { name: 'reader', scope: 'admin' } });
  await ask(`${address}/api/jobs`, { method: 'POST', headers: asAdmin, body: { id: 'waits' } });
  const headers = { authorization: `Bearer ${(followed.json as { token: string }).token}` };
  const output = await fetch(`${address}/api/jobs/waits/output?follow`, { headers });
  const read = output.text();
  await ask(`${address}/api/tokens/reader`, { method: 'DELETE', headers: asAdmin });
  await expect(read).rejects.toThrow('terminated');
  stays.disconnect();
});
