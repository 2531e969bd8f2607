import type { Server } from 'socket.io';
import { type Connection, withWebSocket } from './webSocketOf.js';

/** What may wait to be read by a peer before nothing more is read from it. */
export const UNREAD_BYTES = 1024 * 1024;
/** About what a packet weighs beside its data. */
const PACKET_BYTES = 100;

/**
 * Reads nothing more from a peer that asks and does not read what it is answered, until it has: answers would else fill
 * the memory. One that never reads is ended by the heartbeat, whose answers are not read either.
 */
export function holdBack(io: Server): void {
  io.engine.on('connection', (connection: Connection) => {
    /** Bytes that wait in the engine for the WebSocket to be free. */
    let waiting = 0;
    let isHeld = false;
    connection.on('packetCreate', ({ data }) => {
      waiting += PACKET_BYTES + (typeof data === 'string' ? data.length : (data?.byteLength ?? 0));
    });
    connection.on('drain', () => {
      waiting = 0;
    });
    withWebSocket(connection, (webSocket) => {
      connection.on('packet', () => {
        if (isHeld || waiting + webSocket.bufferedAmount < UNREAD_BYTES) return;
        isHeld = true;
        webSocket.pause();
      });
      connection.transport.on('drain', () => {
        if (!isHeld || waiting + webSocket.bufferedAmount >= UNREAD_BYTES) return;
        isHeld = false;
        webSocket.resume();
      });
    });
  });
}
