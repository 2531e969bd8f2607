import type { Socket } from 'socket.io';

/** The WebSocket below a connection, as far as it matters here. */
export interface WebSocketBelow {
  /** Bytes that were handed to it and that the network has not taken. */
  readonly bufferedAmount: number;
  close(code?: number, reason?: string): void;
  pause(): void;
  resume(): void;
}

/** A connection of Socket.IO's engine, as far as it matters here. */
export interface Connection {
  readonly transport: { readonly name: string; readonly socket?: WebSocketBelow; on(event: 'drain', listener: () => void): void };
  on(event: 'packetCreate', listener: (packet: { data?: string | ArrayBufferView }) => void): void;
  on(event: 'upgrade' | 'packet' | 'drain', listener: () => void): void;
}

/** Calls with the WebSocket of a connection: at once, or when one that begins by polling has changed over. */
export function withWebSocket(connection: Connection | Socket['conn'], use: (webSocket: WebSocketBelow) => void): void {
  const { name, socket } = (connection as Connection).transport;
  if (name === 'websocket' && socket) use(socket);
  else (connection as Connection).on('upgrade', () => withWebSocket(connection, use));
}
