import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FolderStore, PartialFiles } from '@skep/artifacts';
import { Limits, SkepError } from '@skep/protocol';
import { createMemoryStore } from '@skep/store';
import { pino } from 'pino';
import { Contents } from '../../src/artifacts/Contents.js';
import { Uploads } from '../../src/artifacts/Uploads.js';

/** A store that is done with what it takes when it is told so. */
class SlowStore extends FolderStore {
  #go: ((error?: Error) => void) | undefined;

  override async take(sha256: string, file: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#go = (error) => (error ? reject(error) : resolve());
    });
    await super.take(sha256, file);
  }

  /** Lets it take what it is to take, or has that fail; waits for it to be asked. */
  async goOn(error?: Error): Promise<void> {
    while (!this.#go) await nextTurn();
    this.#go(error);
    this.#go = undefined;
  }
}

describe('an upload to a store that is slow', () => {
  const content = Buffer.from('some content');
  const cache = { key: 'deps', size: content.length, sha256: createHash('sha256').update(content).digest('hex') };
  let folder: string;
  let slow: SlowStore;
  let uploads: Uploads;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skep-slow-'));
    slow = new SlowStore(join(folder, 'contents'));
    const store = createMemoryStore();
    const contents = new Contents({ store, contents: slow, log: pino({ level: 'silent' }) });
    const desk = { checkLease: () => {} };
    const partials = new PartialFiles(join(folder, 'uploads'));
    uploads = new Uploads({ store, contents, partials, desk, limits: Limits.parse({}), now: Date.now, patienceMs: 1 });
    await slow.open('a queen');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const nothing = (): Readable => Readable.from([]);
  const all = () => ({ offset: content.length, size: content.length });

  test('is waited for in turns, whoever asks, and is there in the end', async () => {
    const { upload } = await uploads.announceCache(cache);
    const late = { ...all(), upload, stored: false };
    expect(await uploads.append(upload ?? '', 0, Readable.from([content]))).toEqual(late);
    expect(await uploads.append(upload ?? '', content.length, nothing())).toEqual(late);
    expect(await uploads.stateOf(upload ?? '')).toEqual(late);
    expect(await uploads.announceCache(cache)).toEqual(late);
    await slow.goOn();
    await uploads.ended();
    expect(await uploads.announceCache(cache)).toEqual({ ...all(), upload: null, stored: true });
  });

  test('is tried again where the store failed after all had given up waiting', async () => {
    const { upload } = await uploads.announceCache(cache);
    await uploads.append(upload ?? '', 0, Readable.from([content]));
    await slow.goOn(new SkepError('ARTIFACT_STORE_UNREACHABLE'));
    await uploads.ended();
    const again = uploads.append(upload ?? '', content.length, nothing());
    expect(await again).toMatchObject({ stored: false });
    await slow.goOn();
    await uploads.ended();
    await expect(uploads.stateOf(upload ?? '')).rejects.toMatchObject({ code: 'UPLOAD_NOT_FOUND' });
    expect(await uploads.announceCache(cache)).toMatchObject({ stored: true });
  });
});
