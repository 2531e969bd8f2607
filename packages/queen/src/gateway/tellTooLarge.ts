import { SkepError } from '@skep/protocol';
import type { Server } from 'socket.io';
import { withWebSocket } from './webSocketOf.js';

/** The code with which a WebSocket is closed for a message that is too large. */
const TOO_LARGE = 1009;

/**
 * Has a peer told why its connection ends when it sends a message larger than maxPayload: as `error:invalid`, and as the
 * reason with which the WebSocket is closed. Nobody knows what the message was: it is not read beyond its length.
 */
export function tellTooLarge(io: Server, maxPayload: number): void {
  for (const namespace of ['/', '/drone']) {
    io.of(namespace).on('connection', (socket) => {
      withWebSocket(socket.conn, (webSocket) => {
        const close = webSocket.close.bind(webSocket);
        webSocket.close = (code, reason) => {
          if (code !== TOO_LARGE) return close(code, reason);
          const error = new SkepError('PAYLOAD_TOO_LARGE', `A message is larger than maxPayload (${maxPayload} bytes)`);
          socket.emit('error:invalid', 'message', error.toBody());
          close(code, error.code);
        };
      });
    });
  }
}
