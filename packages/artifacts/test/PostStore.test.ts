import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type ContentStore, FolderStore, type GivenArtifact, openContentStore } from '../src/index.js';
import { PostStore } from '../src/post/PostStore.js';
import { describeContentStore, list, read, sha256Of, take } from './describeContentStore.js';
import { Inbox } from './helpers/Inbox.js';

let inbox: Inbox;
beforeAll(async () => {
  inbox = await Inbox.start();
});
afterAll(() => inbox[Symbol.asyncDispose]());

describeContentStore('an address that artifacts are given to', (folder) =>
  openContentStore({
    address: inbox.url,
    folder: join(folder, 'contents'),
    pendingFolder: join(folder, 'pending'),
    log: { info() {}, warn() {} },
  }),
);

describe('artifacts are given to an address', () => {
  let folder: string;
  let store: ContentStore;
  const told: string[] = [];

  const anew = async (url = inbox.url, retryMs = 1): Promise<ContentStore> => {
    const tell = (details: object, message: string) => told.push(`${message} ${inspect(details)}`);
    const kept = new FolderStore(join(folder, 'contents'));
    store = new PostStore({
      url,
      authorization: 'Basic c2VjcmV0',
      kept,
      pendingFolder: join(folder, 'pending'),
      log: { info: tell, warn: tell },
      retryMs,
    });
    await store.open('a queen');
    return store;
  };
  const give = async (path: string, content: string | Uint8Array): Promise<GivenArtifact> => {
    const sha256 = await take(store, folder, content);
    const about = { project: 'shop', attempt: 1, size: content.length, mode: 0o644, mediaType: 'text/plain' };
    const artifact = { job: 'job/1', path, sha256, ...about };
    (await store.give?.(artifact))?.begin();
    return artifact;
  };
  const pending = (): Promise<string[]> => readdir(join(folder, 'pending'));
  /** Resolved when so many were given and nothing has still to be. */
  const allGiven = async (count: number): Promise<void> => {
    await inbox.until(() => inbox.given.length >= count);
    while ((await pending()).length > 0) await sleep(5);
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skep-contents-'));
    inbox.given.length = 0;
    told.length = 0;
    await anew();
  });
  afterEach(async () => {
    inbox.fault = undefined;
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('with what they are, once, and a copy stays here', async () => {
    const content = randomBytes(3_000_000);
    const { sha256 } = await give('dist/ü b.txt', content);
    await allGiven(1);
    expect(inbox.given).toMatchObject([
      {
        path: 'dist/ü b.txt',
        sha256,
        headers: {
          authorization: 'Basic c2VjcmV0',
          'content-type': 'text/plain',
          'content-length': '3000000',
          'x-skep-job': 'job%2F1',
          'x-skep-project': 'shop',
          'x-skep-attempt': '1',
          'x-skep-mode': '644',
          'x-skep-sha256': sha256,
        },
      },
    ]);
    expect((await read(store, sha256)).equals(content)).toBe(true);
  });

  test('again and again until they are taken, each for itself', async () => {
    inbox.fault = (request, response) => {
      if (request.headers['x-skep-path'] !== 'bad') return undefined;
      response.writeHead(413).end();
      return 'handled';
    };
    await give('bad', 'bad');
    await give('good', 'good');
    const asked = inbox.asked;
    await inbox.until(() => inbox.given.length === 1 && inbox.asked > asked + 3);
    expect(inbox.given.map(({ path }) => path)).toEqual(['good']);
    inbox.fault = undefined;
    await allGiven(2);
    expect(told).toEqual([expect.stringContaining('it answered 413'), expect.stringContaining('after it had failed')]);
    expect(told.join()).not.toContain('c2VjcmV0');
  });

  test('after a restart, when the other side is back; their contents stay until then', async () => {
    inbox.fault = (request) => {
      request.socket.destroy();
      return 'handled';
    };
    const { asked } = inbox;
    const { sha256 } = await give('one', 'one');
    await inbox.until(() => inbox.asked > asked);
    await store.remove(sha256);
    expect(await list(store)).toEqual([sha256]);
    await store.close();
    expect(await pending()).toHaveLength(1);
    inbox.fault = undefined;
    await anew();
    // Perhaps twice: who is closed may not hear that it was taken.
    await allGiven(1);
    await store.close();
    const { length } = inbox.given;
    await anew();
    await store.remove(sha256);
    expect(await list(store)).toEqual([]);
    expect(inbox.given).toHaveLength(length);
  });

  test('but not those that did not become known, nor what is gone from here', async () => {
    const sha256 = await take(store, folder, 'never');
    const about = { project: null, attempt: 1, size: 5, mode: 0o644, mediaType: 'text/plain' };
    const giving = await store.give?.({ job: 'j', path: 'never', sha256, ...about });
    await giving?.drop();
    (await store.give?.({ job: 'j', path: 'gone', sha256: sha256Of('gone'), ...about }))?.begin();
    await give('last', 'last');
    await allGiven(1);
    expect(inbox.given.map(({ path }) => path)).toEqual(['last']);
    expect(told).toEqual([expect.stringContaining('its content is gone')]);
  });
});
