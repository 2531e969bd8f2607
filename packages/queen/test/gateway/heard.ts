import type { Socket } from 'socket.io-client';

/** The arguments of the next event of this name. */
export const heard = (socket: Socket, event: string): Promise<unknown[]> =>
  new Promise((resolve) => socket.once(event, (...args: unknown[]) => resolve(args)));
