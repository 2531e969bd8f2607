import type { Socket } from 'socket.io';
import { type Connection, type WebSocketBelow, withWebSocket } from './webSocketOf.js';

/** What may wait to be read by a peer before it is told nothing more that it could do without, and nothing more is read from it. */
const UNREAD_BYTES = 1024 * 1024;
/** About what a packet weighs beside its data. */
const PACKET_BYTES = 100;

const counted = new WeakMap<object, Unread>();

/** What was said on a connection and waits in our memory to be read. */
export class Unread {
  /** Bytes that wait in the engine for the WebSocket to be free. */
  #waiting = 0;
  #webSocket: WebSocketBelow | undefined;

  private constructor(connection: Connection) {
    connection.on('packetCreate', ({ data }) => {
      this.#waiting += PACKET_BYTES + (typeof data === 'string' ? data.length : (data?.byteLength ?? 0));
    });
    connection.on('drain', () => {
      this.#waiting = 0;
    });
    withWebSocket(connection, (webSocket) => {
      this.#webSocket = webSocket;
    });
  }

  /** The count of a connection; it begins with the first call. */
  static of(connection: Connection | Socket['conn']): Unread {
    const known = counted.get(connection);
    if (known) return known;
    const unread = new Unread(connection as Connection);
    counted.set(connection, unread);
    return unread;
  }

  get isTooMuch(): boolean {
    return this.#waiting + (this.#webSocket?.bufferedAmount ?? 0) >= UNREAD_BYTES;
  }
}
