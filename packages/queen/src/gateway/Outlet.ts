import type { Socket } from 'socket.io';

/** How much may wait in memory to be written to one socket, beside as much again that is on its way. */
const FULL_BYTES = 64 * 1024;

/** One socket's way out: tells when a peer reads too slowly to be sent more. All its watches share it. */
export class Outlet {
  #waitingBytes = 0;
  readonly #whenFree = new Set<() => void>();

  constructor(private readonly socket: Socket) {
    // Said by the engine whenever it has handed all that waited to the transport, which takes more only when the peer has read.
    socket.conn.on('drain', () => {
      this.#waitingBytes = 0;
      for (const resume of [...this.#whenFree]) {
        this.#whenFree.delete(resume);
        resume();
      }
    });
  }

  get isFull(): boolean {
    return this.#waitingBytes >= FULL_BYTES;
  }

  emit(bytes: number, event: string, ...args: unknown[]): void {
    this.#waitingBytes += bytes;
    this.socket.emit(event, ...args);
  }

  /** Resolved when more may be sent, at once if it may now. Never, if the socket is gone by then. */
  async free(): Promise<void> {
    if (!this.isFull) return;
    await new Promise<void>((resolve) => this.#whenFree.add(resolve));
  }
}
