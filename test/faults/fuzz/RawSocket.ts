import { once } from 'node:events';
import type { ErrorBody } from '@skep/protocol';
import { WebSocket } from 'ws';

/** A refusal that came as `error:invalid`. */
export interface Refusal {
  event: unknown;
  error: ErrorBody;
}

/**
 * A client that writes Socket.IO packets by hand, so that it can say what no client would. It answers pings, and keeps
 * the answers to what it asked and the refusals it was sent.
 */
export class RawSocket {
  readonly refusals: Refusal[] = [];
  /** Jobs that were handed to this socket, newest last. */
  readonly assigned: { id: string; attempt: number; lease: number }[] = [];
  #nextId = 0;
  readonly #waiting = new Map<number, (answer: unknown) => void>();
  #onConnect: ((packet: string) => void) | undefined;

  private constructor(
    readonly socket: WebSocket,
    private readonly namespace: string,
  ) {
    socket.on('message', (data, isBinary) => {
      if (!isBinary) this.#hear(String(data));
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      for (const resolve of this.#waiting.values()) resolve(undefined);
      this.#waiting.clear();
      this.#onConnect?.('');
    });
  }

  /** Connects to a namespace. @returns the socket; closed, if the queen would not have it */
  static async connect(url: string, namespace: '/' | '/drone', auth: unknown = {}): Promise<RawSocket> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    const raw = new RawSocket(socket, namespace);
    await once(socket, 'open');
    const connected = new Promise<string>((resolve) => {
      raw.#onConnect = resolve;
    });
    socket.send(`40${raw.#prefix}${JSON.stringify(auth)}`);
    if (!(await connected).startsWith('40')) socket.close();
    return raw;
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** Says an event; `args` is the JSON of its array. */
  say(args: string, attachments: readonly Uint8Array[] = []): void {
    this.#send(args, attachments, '');
  }

  /** Asks. @returns the answer, its arguments as an array; undefined if the connection ended first */
  ask(args: string, attachments: readonly Uint8Array[] = []): Promise<unknown> {
    const id = this.#nextId++;
    const answer = new Promise<unknown>((resolve) => this.#waiting.set(id, resolve));
    this.#send(args, attachments, String(id));
    return answer;
  }

  close(): void {
    this.socket.terminate();
  }

  get #prefix(): string {
    return this.namespace === '/' ? '' : `${this.namespace},`;
  }

  #send(args: string, attachments: readonly Uint8Array[], id: string): void {
    if (!this.isOpen) {
      this.#waiting.get(Number(id))?.(undefined);
      return;
    }
    this.socket.send(`4${attachments.length > 0 ? `5${attachments.length}-` : '2'}${this.#prefix}${id}${args}`);
    for (const bytes of attachments) this.socket.send(bytes);
  }

  #hear(packet: string): void {
    if (packet === '2') this.socket.send('3');
    const [, kind, id, text] = /^4(\d)(?:\d+-)?(?:\/\w+,)?(\d*)(.*)$/s.exec(packet) ?? [];
    if (kind === '0' || kind === '4') this.#onConnect?.(packet);
    if (kind === '2' || kind === '5') this.#told(JSON.parse(text ?? '') as unknown[]);
    if (kind !== '3' && kind !== '6') return;
    const resolve = this.#waiting.get(Number(id));
    this.#waiting.delete(Number(id));
    resolve?.(JSON.parse(text ?? ''));
  }

  #told([event, ...args]: unknown[]): void {
    if (event === 'error:invalid') this.refusals.push({ event: args[0], error: args[1] as ErrorBody });
    if (event === 'queue:new') this.assigned.push(args[0] as RawSocket['assigned'][number]);
  }
}
