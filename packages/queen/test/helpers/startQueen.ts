import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { io, type Socket } from 'socket.io-client';
import { Queen, type QueenOptions } from '../../src/Queen.js';

/** A queen on a free port with a store of its own; ended, with all its drones, when it goes out of scope. */
export interface TestQueen extends AsyncDisposable {
  url: string;
  adminToken: string | undefined;
  /** A plain drone that has said what it is. */
  drone(name: string, capacity?: number): Promise<Socket>;
}

export async function startQueen(options: Partial<QueenOptions> = {}): Promise<TestQueen> {
  const dataDir = await mkdtemp(join(tmpdir(), 'skep-queen-'));
  const queen = new Queen({ dataDir, port: 0, ...options });
  const { url, adminToken } = await queen.listen();
  const sockets: Socket[] = [];
  return {
    url,
    adminToken,
    async drone(name, capacity = 4) {
      const socket = io(`${url}/drone`, { transports: ['websocket'], forceNew: true });
      sockets.push(socket);
      await new Promise<void>((resolve, reject) => {
        socket.once('drone:query-info', () => resolve());
        socket.once('connect_error', reject);
      });
      socket.emit('drone:info', { speed: 10, capacity, name, id: name });
      return socket;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.disconnect();
      await queen.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export interface Answered {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The body where it is JSON. */
  json: unknown;
}

export interface AskOptions {
  method?: string;
  headers?: Record<string, string>;
  /** Sent as it is if it is a string, else as JSON. */
  body?: unknown;
}

/** Asks over HTTP with exactly these headers; `fetch` would keep `Host`, `Origin` and encodings to itself. */
export async function ask(url: string, { method = 'GET', headers = {}, body }: AskOptions = {}): Promise<Answered> {
  const asked = request(url, { method, headers, agent: false });
  asked.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
  const [answer] = await once(asked, 'response');
  const content = await text(answer);
  const isJson = /^application\/json/.test(answer.headers['content-type'] ?? '') && content !== '';
  return { status: answer.statusCode, headers: answer.headers, text: content, json: isJson ? JSON.parse(content) : undefined };
}

/** Submits a job; its id. */
export async function submit(url: string, job: object = {}): Promise<string> {
  const { json } = await ask(`${url}/api/jobs`, { method: 'POST', body: job });
  return (json as { id: string }).id;
}

/** Resolved with the answer once it fits; the test's own time limit ends the wait. */
export async function until<T>(look: () => Promise<T>, fits: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await look();
    if (fits(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
