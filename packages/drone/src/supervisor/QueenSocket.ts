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

  override createSocket(...[uri, protocols, options]: Parameters<Create>): ReturnType<Create> {
    const socket: EventEmitter = super.createSocket(uri, protocols, isReadByNobody(uri) ? { ...options, generateMask: keepZero } : options);
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

/** Leaves the mask of a frame zero, with which nothing is masked on this side and unmasked on the other. */
const keepZero = (_mask: Uint8Array): void => {};

/**
 * Whether nobody between the two reads what is said. Masks keep what scripts say from being taken for something else by such
 * as read plain connections on the way (RFC 6455, 10.3); to mask output takes a third of what sending it does.
 */
function isReadByNobody(uri: string): boolean {
  const { protocol, hostname } = new URL(uri);
  return protocol === 'wss:' || loopback.has(hostname);
}

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);
