import { expect, test } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import { startQueen } from '../helpers/startQueen.js';
import { heard } from './heard.js';

/** News of one drone weighs so much; of so many it is more than the network itself holds back. */
const DRONE_BYTES = 400_000;
const DRONES = 40;

async function watchQueue(url: string): Promise<Socket> {
  const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false });
  await heard(socket, 'connect');
  await socket.emitWithAck('queue:watch');
  return socket;
}

test('who watches the queue and does not read is told no more, and disconnected when it has read', async () => {
  await using queen = await startQueen();
  const sockets = [await watchQueue(queen.url), await watchQueue(queen.url)] as const;
  try {
    const [deaf, awake] = sockets;
    const names: string[][] = [[], []];
    for (const [at, socket] of sockets.entries()) socket.on('drone:joined', ({ name }: { name: string }) => names[at]!.push(name));
    // Socket.IO's client has no way to stop reading; the WebSocket below it has.
    const webSocket = Reflect.get(deaf.io.engine.transport, 'ws') as { pause(): void; resume(): void };
    webSocket.pause();
    const labels = Object.fromEntries(Array.from({ length: DRONE_BYTES / 200 }, (_, n) => [`label-${n}`, 'x'.repeat(180)]));
    for (let n = 0; n < DRONES; n++) {
      const joined = heard(awake, 'drone:joined');
      const drone = await queen.drone(`drone-${n}`);
      drone.emit('drone:info', { speed: 1, capacity: 1, name: `drone-${n}`, id: `drone-${n}`, labels });
      await joined;
    }
    await awake.emitWithAck('queue:watch');
    const gone = heard(deaf, 'disconnect');
    webSocket.resume();
    expect((await gone)[0]).toBe('transport close');
    expect(names[1]).toHaveLength(DRONES);
    expect(names[0]!.length).toBeLessThan(DRONES);
    expect(names[0]).toEqual(names[1]!.slice(0, names[0]!.length));
  } finally {
    for (const socket of sockets) socket.disconnect();
  }
});
