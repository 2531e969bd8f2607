import type { Socket } from 'socket.io-client';

/** Resolved when a socket has connected. */
export const connected = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once('connect', resolve));
