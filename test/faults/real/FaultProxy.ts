import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, Socket } from 'node:net';

/** How a line treats the bytes that pass over it. */
export type LineMode =
  | { readonly kind: 'open' }
  /** Every connection is reset, also new ones. */
  | { readonly kind: 'down' }
  /** Bytes vanish, sockets stay: what a peer sees that was unplugged. */
  | { readonly kind: 'half-open'; readonly side: 'up' | 'down' | 'both' }
  /** One byte a second each way. */
  | { readonly kind: 'trickle' }
  | { readonly kind: 'delay'; readonly ms: number };

const OPEN: LineMode = { kind: 'open' };
const TRICKLE_MS = 1000;
/** What one way of a connection may hold back before its source has to wait. */
const MAX_HELD_BYTES = 256 * 1024;

/** A line between one peer and the queen, over which every byte passes, and which can be made as bad as lines get. */
export class FaultProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  mode: LineMode = OPEN;
  /** Bytes towards the queen until every connection is cut; undefined: never. */
  bytesLeft: number | undefined;

  private constructor(targetPort: () => number) {
    this.#server = createServer((client) => {
      if (this.mode.kind === 'down') {
        client.resetAndDestroy();
        return;
      }
      const connection = new Connection(this, client, targetPort(), () => this.#connections.delete(connection));
      this.#connections.add(connection);
    });
  }

  /** @param targetPort asked anew for every connection */
  static async start(targetPort: () => number): Promise<FaultProxy> {
    const proxy = new FaultProxy(targetPort);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  set(mode: LineMode): void {
    this.mode = mode;
    if (mode.kind === 'down') this.cut();
    for (const connection of this.#connections) connection.wake();
  }

  /** The line is good again. Connections that lost bytes are cut: what came after a hole would be nonsense. */
  heal(): void {
    this.bytesLeft = undefined;
    this.set(OPEN);
    for (const connection of [...this.#connections]) if (connection.hasLostBytes) connection.cut();
  }

  /** Resets every connection now; new ones are let through. */
  cut(): void {
    for (const connection of [...this.#connections]) connection.cut();
  }

  /** Resets every connection in the middle of what is sent to the queen, after so many more bytes. */
  cutAfter(bytes: number): void {
    this.bytesLeft = bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** One connection over the line: two sockets and what is on its way between them. */
class Connection {
  hasLostBytes = false;
  readonly #sockets: readonly [Socket, Socket];
  readonly #ways: readonly [Way, Way];
  readonly #closed: () => void;

  constructor(proxy: FaultProxy, client: Socket, port: number, closed: () => void) {
    const server = new Socket();
    server.connect(port, '127.0.0.1');
    this.#sockets = [client, server];
    this.#closed = closed;
    const lost = (): void => {
      this.hasLostBytes = true;
    };
    this.#ways = [new Way(proxy, 'up', client, server, lost), new Way(proxy, 'down', server, client, lost)];
    for (const socket of this.#sockets) {
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        // Who is unplugged does not learn that the other side has gone.
        if (proxy.mode.kind === 'half-open') this.hasLostBytes = true;
        else this.cut();
      });
    }
  }

  wake(): void {
    for (const way of this.#ways) way.move();
  }

  cut(): void {
    for (const way of this.#ways) way.close();
    for (const socket of this.#sockets) {
      // Node cannot reset a socket whose end is on its way, and never closes it then.
      if (socket.writableEnded || socket.destroyed) socket.destroy();
      else socket.resetAndDestroy();
    }
    this.#closed();
  }
}

/** One way of a connection. */
class Way {
  readonly #held: { bytes: Buffer; dueAt: number }[] = [];
  #heldBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #isBlocked = false;

  constructor(
    private readonly proxy: FaultProxy,
    private readonly side: 'up' | 'down',
    private readonly from: Socket,
    private readonly to: Socket,
    private readonly lost: () => void,
  ) {
    from.on('data', (bytes: Buffer) => this.#take(bytes));
    to.on('drain', () => {
      this.#isBlocked = false;
      this.move();
    });
  }

  /** Lets go what may go now. */
  move(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (let first = this.#held[0]; first && !this.#isBlocked; first = this.#held[0]) {
      const waitMs = first.dueAt - performance.now();
      const again = waitMs > 0 ? waitMs : this.#let(first);
      if (again === undefined) continue;
      this.#timer = setTimeout(() => this.move(), again);
      return;
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#held.length = 0;
  }

  #take(bytes: Buffer): void {
    const { mode } = this.proxy;
    this.#held.push({ bytes, dueAt: mode.kind === 'delay' ? performance.now() + mode.ms : 0 });
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > MAX_HELD_BYTES) this.from.pause();
    if (this.#timer === undefined) this.move();
  }

  /** Lets go a piece, or a part of it. @returns after how many ms the next may go; undefined: at once */
  #let(first: { bytes: Buffer }): number | undefined {
    const { mode } = this.proxy;
    const size = mode.kind === 'trickle' ? 1 : first.bytes.length;
    const bytes = first.bytes.subarray(0, size);
    first.bytes = first.bytes.subarray(size);
    if (first.bytes.length === 0) this.#held.shift();
    this.#heldBytes -= size;
    if (this.#heldBytes <= MAX_HELD_BYTES) this.from.resume();
    if (mode.kind === 'half-open' && (mode.side === 'both' || mode.side === this.side)) this.lost();
    else this.#write(bytes);
    return mode.kind === 'trickle' ? TRICKLE_MS : undefined;
  }

  #write(bytes: Buffer): void {
    const { bytesLeft } = this.proxy;
    if (this.side === 'up' && bytesLeft !== undefined) {
      if (bytes.length >= bytesLeft) {
        this.proxy.bytesLeft = undefined;
        this.to.write(bytes.subarray(0, bytesLeft), () => this.proxy.cut());
        return;
      }
      this.proxy.bytesLeft = bytesLeft - bytes.length;
    }
    if (!this.to.write(bytes)) this.#isBlocked = true;
  }
}
