import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';

export const BUCKET = 'bucket';

/** What the server does with a request in place of answering it; undefined: it answers. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => 'handled' | undefined;

/** A server that speaks S3, on a free port. It does what s3rver does not: it lists uploads in parts and gives them up. */
export class S3Server implements AsyncDisposable {
  /** Every request, as `METHOD /address`. */
  readonly asked: string[] = [];
  fault: Fault | undefined;
  readonly #server: Server;

  private constructor(
    private readonly folder: string,
    private readonly s3rver: S3rver,
  ) {
    const answer = s3rver.callback() as (request: IncomingMessage, response: ServerResponse) => void;
    this.#server = createServer((request, response) => {
      this.asked.push(`${request.method} ${request.url}`);
      if (this.fault?.(request, response) === 'handled') return;
      void this.#multiparts(request, response).then((handled) => handled || answer(request, response));
    });
  }

  static async start(): Promise<S3Server> {
    // Those that s3rver knows.
    process.env.AWS_ACCESS_KEY_ID = 'S3RVER';
    process.env.AWS_SECRET_ACCESS_KEY = 'S3RVER';
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
    const folder = await mkdtemp(join(tmpdir(), 'skep-s3-'));
    const s3rver = new S3rver({ directory: folder, silent: true, configureBuckets: [{ name: BUCKET, configs: [] }] });
    await s3rver.configureBuckets();
    const server = new S3Server(folder, s3rver);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The address of a prefix of the bucket, as `--artifacts` takes it. */
  address(prefix: string): string {
    return `s3://${BUCKET}/${prefix}?endpoint=${this.endpoint}`;
  }

  /** The uploads in parts that are neither complete nor given up. */
  async uploads(): Promise<{ id: string; key: string }[]> {
    const ids = await readdir(this.#uploads).catch(() => []);
    return Promise.all(ids.map(async (id) => ({ id, key: await readFile(join(this.#uploads, id, 'key'), 'utf8') })));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
    // What its own server would do at its end.
    const { logger } = this.s3rver as unknown as { logger: { exceptions: { unhandle(): void }; close(): void } };
    logger.exceptions.unhandle();
    logger.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  get #uploads(): string {
    return join(this.folder, BUCKET, '._S3rver_uploads');
  }

  async #multiparts({ method, url = '' }: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const { searchParams, pathname } = new URL(url, this.endpoint);
    const id = searchParams.get('uploadId');
    if (method === 'DELETE' && id !== null) {
      const isThere = existsSync(join(this.#uploads, id));
      await rm(join(this.#uploads, id), { recursive: true, force: true });
      response.writeHead(isThere ? 204 : 404).end();
      return true;
    }
    if (method !== 'GET' || !/^\/[^/]+\/?$/.test(pathname) || !searchParams.has('uploads')) return false;
    const uploads = (await this.uploads()).filter(({ key }) => key.startsWith(searchParams.get('prefix') ?? ''));
    const told = uploads.map((each) => `<Upload><Key>${each.key}</Key><UploadId>${each.id}</UploadId></Upload>`).join('');
    response.setHeader('content-type', 'application/xml');
    response.end(`<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>${told}</ListMultipartUploadsResult>`);
    return true;
  }
}
