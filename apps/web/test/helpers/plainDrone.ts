import { io, type Socket } from 'socket.io-client';

/** A plain drone that has said what it is; it is to be disconnected by whoever asked for it. */
export async function plainDrone(url: string, info: { id: string; capacity: number; labels: Record<string, string> }): Promise<Socket> {
  const socket = io(`${url}/drone`, { transports: ['websocket'], forceNew: true });
  await new Promise<void>((resolve) => socket.once('drone:query-info', () => resolve()));
  socket.emit('drone:info', { speed: 10, name: info.id, ...info });
  return socket;
}
