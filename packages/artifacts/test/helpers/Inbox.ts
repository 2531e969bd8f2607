import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What came with one POST that was taken. */
export interface Given {
  path: string | undefined;
  sha256: string;
  headers: IncomingMessage['headers'];
}

/** Somebody to whom artifacts are given by POST, on a free port. */
export class Inbox implements AsyncDisposable {
  readonly given: Given[] = [];
  /** How many were asked to be taken, also those that were not. */
  asked = 0;
  /** Has a request answered in another way; undefined: it is taken. */
  fault: ((request: IncomingMessage, response: ServerResponse) => 'handled' | undefined) | undefined;
  readonly #server: Server;
  readonly #news = new EventEmitter();

  private constructor() {
    this.#server = createServer((request, response) => void this.#take(request, response).catch(() => undefined));
  }

  static async start(port = 0): Promise<Inbox> {
    const inbox = new Inbox();
    inbox.#server.listen(port, '127.0.0.1');
    await once(inbox.#server, 'listening');
    return inbox;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/inbox`;
  }

  /** Resolved when something is so. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await once(this.#news, 'asked');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.asked += 1;
    try {
      if (this.fault?.(request, response) === 'handled') return;
      const hash = createHash('sha256');
      for await (const bytes of request) hash.update(bytes as Buffer);
      const path = request.headers['x-skep-path'];
      this.given.push({
        path: path === undefined ? undefined : decodeURIComponent(String(path)),
        sha256: hash.digest('hex'),
        headers: request.headers,
      });
      response.writeHead(201).end();
    } finally {
      this.#news.emit('asked');
    }
  }
}
