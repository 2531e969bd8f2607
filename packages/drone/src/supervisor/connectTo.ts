import { connect, type Socket } from 'node:net';

/** Connects to a unix socket. @throws the system error: ENOENT if there is none, ECONNREFUSED if nobody listens there any more */
export function connectTo(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}
