import { open, rm, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { SkepError } from '@skep/protocol';
import type { ContentRange, ContentStore } from '../ContentStore.js';
import { checkDigest } from '../checkDigest.js';
import { checkOwner, OWNER } from '../checkOwner.js';
import { fileError } from '../fileErrors.js';
import type { S3Address } from '../storeAddress.js';
import { Multiparts } from './Multiparts.js';
import { PartBuffers } from './PartBuffers.js';
import { isMissingObject, s3Error } from './s3Error.js';
import { type Rest, steadyRead } from './steadyRead.js';

/** What is sent at once, and held in memory so long. */
const PART_BYTES = 8 * 1024 * 1024;
/** So many parts are on their way at once, of all uploads together. */
const PARTS_AT_ONCE = 4;
const CONNECT_MS = 5000;
/** How long the other side may say and take nothing. */
const SILENCE_MS = 60_000;
/** How often a request is made, with growing pauses, before it has failed. */
const ATTEMPTS = 4;
/** How long an address is good. */
const ADDRESS_S = 600;

/** Contents as objects of a bucket: `PREFIX/contents/ab/abcdef...`, named by their digest. */
export class S3Store implements ContentStore {
  readonly #client: S3Client;
  readonly #address: S3Address;
  readonly #root: string;
  readonly #place: string;
  readonly #multiparts: Multiparts;
  readonly #buffers = new PartBuffers(PARTS_AT_ONCE);
  readonly #closing = new AbortController();
  readonly #taking = new Set<Promise<void>>();

  constructor(address: S3Address, { silenceMs = SILENCE_MS, attempts = ATTEMPTS }: { silenceMs?: number; attempts?: number } = {}) {
    const { bucket, prefix, region, endpoint, forcePathStyle } = address;
    this.#address = address;
    this.#root = prefix === '' ? '' : `${prefix}/`;
    this.#place = `s3://${bucket}/${prefix}${endpoint === undefined ? '' : ` (${endpoint})`}`;
    this.#client = new S3Client({
      ...(region !== undefined && { region }),
      ...(endpoint !== undefined && { endpoint }),
      forcePathStyle,
      maxAttempts: attempts,
      // What else speaks the protocol seldom knows the checksums that the SDK would add. The signature has the SHA-256 of each part.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: silenceMs },
    });
    const multiparts = { client: this.#client, bucket, buffers: this.#buffers, partBytes: PART_BYTES, atOnce: PARTS_AT_ONCE };
    this.#multiparts = new Multiparts(multiparts);
  }

  async open(owner: string): Promise<void> {
    const { bucket } = this.#address;
    const place = { Bucket: bucket, Key: `${this.#root}${OWNER}` };
    await this.#try(async () => {
      const found = await this.#client
        .send(new GetObjectCommand(place))
        .then(({ Body }) => Body?.transformToString())
        .catch((error: unknown) => {
          if (!isMissingObject(error)) throw error;
        });
      if (found !== undefined) checkOwner(found, owner, `The place ${this.#place}`, `s3://${bucket}/${place.Key}`);
      // Each time: whoever may not write or list is to learn it now.
      await this.#client.send(new PutObjectCommand({ ...place, Body: owner }));
      await this.#client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: place.Key }));
    });
  }

  take(sha256: string, file: string): Promise<void> {
    const taken = this.#try(() => this.#put(sha256, file));
    const known = taken.catch(() => undefined).then(() => void this.#taking.delete(known));
    this.#taking.add(known);
    return taken;
  }

  async has(sha256: string, size: number): Promise<boolean> {
    return this.#try(async () => (await this.#sizeOf(sha256)) === size);
  }

  async read(sha256: string, range?: ContentRange): Promise<Readable> {
    const open = (from: number): Promise<Rest> => this.#try(() => this.#get(sha256, from, range?.last));
    return steadyRead(open, range?.first ?? 0);
  }

  async addressOf(sha256: string, { type, disposition }: { type: string; disposition: string }): Promise<string | undefined> {
    if (!this.#address.presign) return undefined;
    const asked = new GetObjectCommand({ ...this.#object(sha256), ResponseContentType: type, ResponseContentDisposition: disposition });
    return this.#try(() => getSignedUrl(this.#client, asked, { expiresIn: ADDRESS_S }));
  }

  async remove(sha256: string): Promise<void> {
    await this.#try(() => this.#client.send(new DeleteObjectCommand(this.#object(sha256))));
  }

  async *list(): AsyncGenerator<string> {
    let next: string | undefined;
    do {
      const asked = { Bucket: this.#address.bucket, Prefix: this.#contents, ...(next !== undefined && { ContinuationToken: next }) };
      const page = await this.#try(() => this.#client.send(new ListObjectsV2Command(asked)));
      for (const { Key = '' } of page.Contents ?? []) {
        const sha256 = /^[0-9a-f]{2}\/([0-9a-f]{64})$/.exec(Key.slice(this.#contents.length))?.[1];
        if (sha256 !== undefined) yield sha256;
      }
      next = page.NextContinuationToken;
    } while (next !== undefined);
  }

  /** Gives up the uploads in parts that a killed queen left behind. */
  async settle(): Promise<void> {
    await this.#try(() => this.#multiparts.giveUpOrphans(this.#contents));
  }

  async close(): Promise<void> {
    this.#closing.abort(new SkepError('QUEEN_STOPPING'));
    await Promise.all(this.#taking);
    this.#client.destroy();
  }

  get #contents(): string {
    return `${this.#root}contents/`;
  }

  async #put(sha256: string, file: string): Promise<void> {
    const { size } = await stat(file).catch(toFileError);
    if ((await this.#sizeOf(sha256)) !== size) {
      const handle = await open(file, 'r').catch(toFileError);
      const signal = this.#closing.signal;
      try {
        if (size > PART_BYTES) await this.#multiparts.put(this.#object(sha256).Key, handle, size, signal);
        else
          await this.#buffers.with(PART_BYTES, async (buffer) => {
            const { bytesRead } = await handle.read(buffer, 0, size, 0);
            const Body = buffer.subarray(0, bytesRead);
            await this.#client.send(new PutObjectCommand({ ...this.#object(sha256), Body }), { abortSignal: signal });
          });
      } finally {
        await handle.close();
      }
    }
    await rm(file, { force: true }).catch(toFileError);
  }

  /** @returns undefined if there is none */
  async #sizeOf(sha256: string): Promise<number | undefined> {
    try {
      return (await this.#client.send(new HeadObjectCommand(this.#object(sha256)))).ContentLength;
    } catch (error) {
      if (isMissingObject(error)) return undefined;
      throw error;
    }
  }

  async #get(sha256: string, from: number, last: number | undefined): Promise<Rest> {
    const Range = from > 0 || last !== undefined ? `bytes=${from}-${last ?? ''}` : undefined;
    try {
      const { Body, ContentLength } = await this.#client.send(new GetObjectCommand({ ...this.#object(sha256), ...(Range && { Range }) }));
      return { body: Body as Readable, bytes: ContentLength ?? 0 };
    } catch (error) {
      if (!isMissingObject(error)) throw error;
      throw new SkepError('ARTIFACT_LOST', `The content ${sha256} is not in the store of artifacts`, { cause: error });
    }
  }

  #object(sha256: string): { Bucket: string; Key: string } {
    checkDigest(sha256);
    return { Bucket: this.#address.bucket, Key: `${this.#contents}${sha256.slice(0, 2)}/${sha256}` };
  }

  async #try<T>(perform: () => Promise<T>): Promise<T> {
    try {
      return await perform();
    } catch (error) {
      this.#closing.signal.throwIfAborted();
      throw s3Error(error, this.#address.bucket, this.#place);
    }
  }
}

const toFileError = (error: unknown): never => {
  throw fileError(error);
};
