import { createHash } from 'node:crypto';
import type { WatchFrame } from '@skep/protocol';
import { io, type Socket } from 'socket.io-client';
import type { WebSocket } from 'ws';
import { connected } from './connected.js';

/** Does not read at all, or reads and acknowledges no frame. */
export type Deafness = 'reads nothing' | 'acknowledges nothing';

/** Watches a job and takes nothing of it in, until it is told to hear; what it then hears it only counts. */
export class DeafWatcher implements AsyncDisposable {
  bytes = 0;
  readonly #hash = createHash('sha256');
  #cursor = 0;
  #acknowledge: (() => void)[] = [];
  #isDeaf = true;
  #end: () => void = () => undefined;
  readonly #done = new Promise<void>((resolve) => {
    this.#end = resolve;
  });

  private constructor(
    private readonly socket: Socket,
    private readonly jobId: string,
    private readonly deafness: Deafness,
  ) {
    socket.on('job:cmd:stdout', (_id: string, _num: number, text: string) => this.#hear('job:cmd:stdout', text));
    for (const event of ['job:started', 'job:cmd:start', 'job:cmd:done', 'job:done']) socket.on(event, () => this.#hear(event));
    socket.on('job:frame', ({ events }: WatchFrame, acknowledge: () => void) => {
      for (const [, event, , output] of events) this.#hear(event, output);
      if (this.#isDeaf) this.#acknowledge.push(acknowledge);
      else acknowledge();
    });
    // Who reads nothing for long is ended by the heartbeat, and goes on from where it was; as often as that happens.
    socket.io.on('reconnect', () => void this.#watch().catch(() => undefined));
  }

  static async watch(url: string, jobId: string, deafness: Deafness): Promise<DeafWatcher> {
    const socket = io(url, { transports: ['websocket'], forceNew: true, reconnectionDelay: 10 });
    const watcher = new DeafWatcher(socket, jobId, deafness);
    await connected(socket);
    await watcher.#watch();
    return watcher;
  }

  /** Hears all from now on. @returns the SHA-256 of the output when the job is done */
  async hear(): Promise<string> {
    this.#isDeaf = false;
    if (this.deafness === 'reads nothing') this.#webSocket?.resume();
    for (const acknowledge of this.#acknowledge.splice(0)) acknowledge();
    await this.#done;
    return this.#hash.digest('hex');
  }

  #hear(event: string, output?: unknown): void {
    this.#cursor += 1;
    if (event === 'job:done') this.#end();
    if (event !== 'job:cmd:stdout') return;
    const bytes = typeof output === 'string' ? Buffer.from(output) : (output as Uint8Array);
    this.bytes += bytes.length;
    this.#hash.update(bytes);
  }

  async #watch(): Promise<void> {
    const options = { cursor: this.#cursor, frames: this.deafness === 'acknowledges nothing' };
    await this.socket.emitWithAck('job:watch', this.jobId, options);
    if (this.#isDeaf && this.deafness === 'reads nothing') this.#webSocket?.pause();
  }

  /** Socket.IO's client has no way to stop reading; the WebSocket below it has. */
  get #webSocket(): WebSocket | null {
    return Reflect.get(this.socket.io.engine.transport, 'ws') as WebSocket | null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#webSocket?.terminate();
    this.socket.disconnect();
  }
}
