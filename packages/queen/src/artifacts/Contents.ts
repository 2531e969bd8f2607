import type { Readable } from 'node:stream';
import type { ContentRange, ContentStore, Giving } from '@skep/artifacts';
import type { ArtifactRecord, Store } from '@skep/store';
import type { Logger } from 'pino';
import { Alone } from './Alone.js';

/** So many contents are asked about at once. */
const BATCH = 200;

export interface ContentsOptions {
  store: Pick<Store, 'referenced' | 'job'>;
  contents: ContentStore;
  log: Logger;
}

/**
 * The contents of artifacts and caches, kept as long as anything refers to them. A content comes before what refers to it
 * and goes after it, so a queen that is killed in between leaves at most a content too many, which `sweep` finds.
 */
export class Contents {
  readonly #store: ContentsOptions['store'];
  readonly #contents: ContentStore;
  readonly #log: Logger;
  readonly #alone = new Alone();

  constructor({ store, contents, log }: ContentsOptions) {
    this.#store = store;
    this.#contents = contents;
    this.#log = log;
  }

  /** Whether something refers to a content by now: if it is there, `refer` is called while nobody can remove it. */
  referTo(sha256: string, size: number, refer: () => Promise<void>): Promise<boolean> {
    return this.#alone.with(sha256, async () => {
      if (!(await this.#contents.has(sha256, size))) return false;
      await refer();
      return true;
    });
  }

  /** Takes a file over as a content, and calls `refer` while nobody can remove it. `file` says which, or undefined if it is done already. */
  take(sha256: string, file: () => Promise<string | undefined>, refer: () => Promise<void>): Promise<void> {
    return this.#alone.with(sha256, async () => {
      const found = await file();
      if (found === undefined) return;
      await this.#contents.take(sha256, found);
      await refer();
    });
  }

  read(sha256: string, range?: ContentRange): Promise<Readable> {
    return this.#contents.read(sha256, range);
  }

  /** Notes that an artifact is to be given on, where artifacts are; nobody may know it before. Its content must be there. */
  async give({ jobId, attempt, path, size, mode, mediaType, sha256 }: ArtifactRecord): Promise<Giving | undefined> {
    if (!this.#contents.give) return undefined;
    const project = (await this.#store.job(jobId))?.project ?? null;
    return this.#contents.give({ job: jobId, project, attempt, path, size, mode, mediaType, sha256 });
  }

  /** Where the content can be had without the queen; undefined where it cannot. */
  async addressOf(sha256: string, headers: { type: string; disposition: string }): Promise<string | undefined> {
    return this.#contents.addressOf?.(sha256, headers);
  }

  /** Removes those to which nothing refers any more; one that cannot be is found by the next `sweep`. @returns how many */
  async removeUnreferenced(digests: readonly string[]): Promise<number> {
    const referenced = new Set(await this.#store.referenced(digests));
    let removed = 0;
    for (const sha256 of digests.filter((each) => !referenced.has(each))) {
      await this.#alone.with(sha256, async () => {
        // Something may refer to it since.
        if ((await this.#store.referenced([sha256])).length > 0) return;
        try {
          await this.#contents.remove(sha256);
          removed += 1;
        } catch (err) {
          this.#log.warn({ err, sha256 }, 'a content to which nothing refers could not be removed');
        }
      });
    }
    return removed;
  }

  /** Removes every content to which nothing refers, some at a time. */
  async sweep(isStopping: () => boolean): Promise<void> {
    await this.#contents.settle?.();
    let removed = 0;
    let batch: string[] = [];
    for await (const sha256 of this.#contents.list()) {
      if (isStopping()) return;
      batch.push(sha256);
      if (batch.length < BATCH) continue;
      removed += await this.removeUnreferenced(batch);
      batch = [];
    }
    removed += await this.removeUnreferenced(batch);
    if (removed > 0) this.#log.info({ removed }, 'contents of artifacts removed to which nothing referred');
  }
}
