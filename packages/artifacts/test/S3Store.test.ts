import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateMultipartUploadCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type ContentStore, openContentStore } from '../src/index.js';
import { S3Store } from '../src/s3/S3Store.js';
import { parseStoreAddress, type S3Address } from '../src/storeAddress.js';
import { describeContentStore, list, NOBODY, read, sha256Of, take } from './describeContentStore.js';
import { BUCKET, type Fault, S3Server } from './helpers/S3Server.js';

let s3: S3Server;
beforeAll(async () => {
  s3 = await S3Server.start();
});
afterAll(() => s3[Symbol.asyncDispose]());

const storeAt = (address: string): Promise<ContentStore> =>
  openContentStore({ address, folder: '/nowhere', pendingFolder: '/nowhere', log: { info() {}, warn() {} } });

describeContentStore('a bucket', (folder) => storeAt(s3.address(`of${folder}`)));

const addressOf = (prefix: string): S3Address => {
  const parsed = parseStoreAddress(s3.address(prefix));
  if (parsed.type !== 's3') throw new Error('not of S3');
  return parsed.s3;
};

describe('a store in a bucket', () => {
  let folder: string;
  let store: ContentStore;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skep-contents-'));
    store = new S3Store(addressOf(`faults${folder}`), { attempts: 2 });
    await store.open('a queen');
    s3.asked.length = 0;
  });
  afterEach(async () => {
    s3.fault = undefined;
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  const refuse =
    (status: number, code: string): Fault =>
    (_, response) => {
      response.writeHead(status, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code><Message>no</Message></Error>`);
      return 'handled';
    };
  const once = (fault: Fault, isMeant: (method: string, url: string) => boolean): Fault => {
    let isOver = false;
    return (request, response) => {
      if (isOver || !isMeant(request.method ?? '', request.url ?? '')) return undefined;
      isOver = true;
      return fault(request, response);
    };
  };
  const cut: Fault = (request) => {
    request.socket.destroy();
    return 'handled';
  };

  test('leads to a content without the queen, under the name and type that it is to have', async () => {
    const sha256 = await take(store, folder, '<script>');
    const address = await store.addressOf?.(sha256, { type: 'text/plain', disposition: 'attachment; filename="x"' });
    const answer = await fetch(address ?? '');
    expect([await answer.text(), answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([
      '<script>',
      'text/plain',
      'attachment; filename="x"',
    ]);
    const own = await storeAt(`${s3.address('x')}&presign=no`);
    expect(await own.addressOf?.(sha256, { type: 'text/plain', disposition: 'attachment' })).toBeUndefined();
    await own.close();
  });

  test('goes on when an answer breaks off, and when the other side fails for a moment', async () => {
    const content = randomBytes(12_000_000);
    s3.fault = once(refuse(500, 'InternalError'), (method, url) => method === 'PUT' && url.includes('partNumber=2'));
    const sha256 = await take(store, folder, content);
    // The first answer ends in its middle.
    s3.fault = once(
      (_, response) => {
        response.writeHead(200, { 'content-length': content.length });
        response.write(content.subarray(0, 5_000_000), () => response.destroy());
        return 'handled';
      },
      (method) => method === 'GET',
    );
    expect((await read(store, sha256)).equals(content)).toBe(true);
    expect(s3.asked.filter((each) => each.startsWith('GET'))).toHaveLength(2);
    expect(await s3.uploads()).toEqual([]);
  });

  test('lists what comes in several pages', async () => {
    const digests = [sha256Of('one'), sha256Of('two')];
    s3.fault = ({ url = '' }, response) => {
      const asked = new URL(url, s3.endpoint).searchParams;
      const page = Number(asked.get('continuation-token') ?? 0);
      const key = `${asked.get('prefix')}${digests[page]?.slice(0, 2)}/${digests[page]}`;
      const next = page === 0 ? '<NextContinuationToken>1</NextContinuationToken>' : '';
      response.writeHead(200, { 'content-type': 'application/xml' });
      response.end(
        `<ListBucketResult>${next}<Contents><Key>${key}</Key></Contents><Contents><Key>other</Key></Contents></ListBucketResult>`,
      );
      return 'handled';
    };
    expect(await list(store)).toEqual(digests.sort());
  });

  test.each<[string, Fault, string]>([
    ['it breaks connections', cut, 'ARTIFACT_STORE_UNREACHABLE'],
    ['it fails', refuse(503, 'SlowDown'), 'ARTIFACT_STORE_UNREACHABLE'],
    ['it is full', refuse(507, 'XMinioStorageFull'), 'STORE_FULL'],
    ['it does not let the queen in', refuse(403, 'AccessDenied'), 'ARTIFACT_STORE_FAILED'],
    ['the bucket is gone', refuse(404, 'NoSuchBucket'), 'ARTIFACT_STORE_FAILED'],
  ])('says so when %s, keeps the file, and has nothing of it', async (_, fault, code) => {
    const content = randomBytes(9_000_000);
    s3.fault = (request, response) =>
      request.method === 'PUT' && request.url?.includes('partNumber') ? fault(request, response) : undefined;
    await expect(take(store, folder, content)).rejects.toMatchObject({ code });
    s3.fault = undefined;
    expect((await stat(join(folder, 'upload'))).size).toBe(content.length);
    expect(await store.has(sha256Of(content), content.length)).toBe(false);
    // Its parts are given up.
    expect(await s3.uploads()).toEqual([]);
    const sha256 = await take(store, folder, content);
    expect(await list(store)).toEqual([sha256]);
  });

  test('waits no longer than it should for who says nothing', async () => {
    const hasty = new S3Store(addressOf('silent'), { attempts: 1, silenceMs: 50 });
    s3.fault = () => 'handled';
    await expect(hasty.has(NOBODY, 1)).rejects.toMatchObject({ code: 'ARTIFACT_STORE_UNREACHABLE' });
    await hasty.close();
  });

  test('gives up what a killed queen had begun, but not what goes on', async () => {
    const key = `faults${folder}/contents/ab/ab${NOBODY.slice(2)}`;
    const client = new S3Client({ endpoint: s3.endpoint, region: 'us-east-1', forcePathStyle: true });
    await client.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: key }));
    client.destroy();
    let isSettled: Promise<void> | undefined;
    s3.fault = (request) => {
      if (request.url?.includes('partNumber=1')) isSettled ??= store.settle?.();
      return undefined;
    };
    const sha256 = await take(store, folder, randomBytes(9_000_000));
    await isSettled;
    expect(await s3.uploads()).toEqual([]);
    expect(await list(store)).toEqual([sha256]);
  });

  test('ends what it is about when it is closed', async () => {
    let asked = (): void => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    s3.fault = (request) => {
      if (!request.url?.includes('partNumber')) return undefined;
      asked();
      return 'handled';
    };
    const taking = expect(take(store, folder, randomBytes(9_000_000))).rejects.toMatchObject({ code: 'QUEEN_STOPPING' });
    await isAsked;
    await store.close();
    await taking;
    expect(await s3.uploads()).toEqual([]);
  });

  test.each([
    [
      'a bucket that is not there',
      () => `s3://nobucket/x?endpoint=${s3.endpoint}`,
      { code: 'ARTIFACT_STORE_FAILED', message: /no bucket/, hint: /Make the bucket nobucket/ },
    ],
    [
      'nobody',
      () => 's3://bucket/x?endpoint=http://127.0.0.1:1',
      { code: 'ARTIFACT_STORE_UNREACHABLE', message: /127\.0\.0\.1:1/, hint: /--artifacts/ },
    ],
  ])('says what is wrong with %s when it is opened', async (_, address, { code, message, hint }) => {
    const bad = await storeAt(address());
    await expect(bad.open('a queen')).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
    await bad.close();
  });
});
