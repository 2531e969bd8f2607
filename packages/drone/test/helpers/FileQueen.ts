import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ArtifactBody, type ErrorCode } from '@skep/protocol';

/** What one file of an attempt has become. */
interface Kept {
  announced: ArtifactBody;
  bytes: Buffer;
  stored: boolean;
}

/** A queen as far as the files of attempts see it, over real HTTP: takes pieces that fit, and checks digests. */
export class FileQueen implements AsyncDisposable {
  readonly files = new Map<string, Kept>();
  readonly asked: { method: string; url: string; ticket: string | undefined; offset: number }[] = [];
  /** How many bytes of a piece are taken until the connection is cut; each time it is asked. */
  cutAfter: () => number | undefined = () => undefined;
  /** The answer to every announcement, in place of the usual one. */
  refusal: { status: number; code: ErrorCode } | undefined;
  #server: Server | undefined;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<this> {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    await new Promise<void>((resolve) => this.#server?.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  stop(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }

  /** The paths of all that is whole. */
  get stored(): string[] {
    return [...this.files].flatMap(([path, { stored }]) => (stored ? [path] : [])).sort();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const offset = Number(headers['upload-offset'] ?? 0);
    this.asked.push({ method, url, ticket: headers.authorization, offset });
    const say = (status: number, body: unknown): void => void response.writeHead(status).end(JSON.stringify(body));
    const refuse = (status: number, code: ErrorCode): void => say(status, { error: { code, message: code } });
    if (method === 'POST') {
      if (this.refusal) return refuse(this.refusal.status, this.refusal.code);
      let text = '';
      for await (const chunk of request) text += chunk;
      const announced = ArtifactBody.parse(JSON.parse(text));
      const kept = this.files.get(announced.path) ?? { announced, bytes: Buffer.alloc(0), stored: false };
      this.files.set(announced.path, kept);
      this.#settle(kept);
      return say(200, this.#stateOf(kept));
    }
    const kept = this.files.get(decodeURIComponent(url.slice('/api/uploads/'.length)));
    if (!kept || kept.stored) return refuse(404, 'UPLOAD_NOT_FOUND');
    if (offset !== kept.bytes.length) return refuse(409, 'UPLOAD_OFFSET');
    const limit = this.cutAfter() ?? Number.POSITIVE_INFINITY;
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) {
        kept.bytes = Buffer.concat([kept.bytes, chunk]);
        if (kept.bytes.length - offset >= limit) return void request.socket.destroy();
      }
    } catch {
      return;
    }
    if (!this.#settle(kept)) return refuse(409, 'DIGEST_MISMATCH');
    say(200, this.#stateOf(kept));
  }

  #stateOf({ announced: { path, size }, bytes, stored }: Kept) {
    return { upload: stored ? null : path, offset: bytes.length, size, stored };
  }

  #settle(kept: Kept): boolean {
    const { announced, bytes } = kept;
    if (bytes.length < announced.size) return true;
    kept.stored = createHash('sha256').update(bytes).digest('hex') === announced.sha256;
    if (!kept.stored) kept.bytes = Buffer.alloc(0);
    return kept.stored;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
  }
}
