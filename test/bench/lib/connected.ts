import { io, type Socket } from 'socket.io-client';

/** A connection of its own to a socket.io server, when it stands. */
export function connected(url: string): Promise<Socket> {
  const socket = io(url, { transports: ['websocket'], forceNew: true });
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', reject);
  });
}
