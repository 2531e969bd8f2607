import type { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { NodeWebSocket } from 'socket.io-client';

type Write = NodeWebSocket['doWrite'];
type Create = NodeWebSocket['createSocket'];

/**
 * A WebSocket for socket.io that hands the system all that is said in one turn of the event loop at once: a drone with
 * many slots sends many small frames, and a system call for each costs more than all the rest of it.
 */
export class QueenSocket extends NodeWebSocket {
  #tcp: Socket | undefined;
  #isCorked = false;

  override createSocket(...args: Parameters<Create>): ReturnType<Create> {
    const socket: EventEmitter = super.createSocket(...args);
    socket.once('upgrade', (response: IncomingMessage) => {
      this.#tcp = response.socket;
    });
    return socket;
  }

  override doWrite(...args: Parameters<Write>): ReturnType<Write> {
    this.#cork();
    return super.doWrite(...args);
  }

  #cork(): void {
    const tcp = this.#tcp;
    if (!tcp || this.#isCorked) return;
    this.#isCorked = true;
    tcp.cork();
    setImmediate(() => {
      this.#isCorked = false;
      tcp.uncork();
    });
  }
}
