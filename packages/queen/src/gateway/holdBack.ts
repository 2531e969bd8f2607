import type { Server } from 'socket.io';
import { Unread } from './Unread.js';
import { type Connection, withWebSocket } from './webSocketOf.js';

/**
 * Reads nothing more from a peer that asks and does not read what it is answered, until it has: answers would else fill
 * the memory. One that never reads is ended by the heartbeat, whose answers are not read either.
 */
export function holdBack(io: Server): void {
  io.engine.on('connection', (connection: Connection) => {
    const unread = Unread.of(connection);
    let isHeld = false;
    withWebSocket(connection, (webSocket) => {
      connection.on('packet', () => {
        if (isHeld || !unread.isTooMuch) return;
        isHeld = true;
        webSocket.pause();
      });
      connection.transport.on('drain', () => {
        if (!isHeld || unread.isTooMuch) return;
        isHeld = false;
        webSocket.resume();
      });
    });
  });
}
