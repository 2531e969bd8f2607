import type { Readable } from 'node:stream';
import { SkepError } from '@skep/protocol';
import type { ContentRange, ContentStore, GivenArtifact, Giving, StoreLog } from '../ContentStore.js';
import { PendingFolder } from './PendingFolder.js';
import { postArtifact } from './postArtifact.js';

/** How many are given at once. */
const AT_ONCE = 2;
/** How long before one is tried again, doubled each time up to the second. */
const RETRY_MS = 1000;
const MAX_RETRY_MS = 10 * 60_000;

export interface PostStoreOptions {
  /** Where artifacts are given to; without credentials. */
  url: string;
  /** The header for it, if it asks for one. */
  authorization?: string;
  /** Where contents are kept here. */
  kept: ContentStore;
  /** The folder of what has still to be given. */
  pendingFolder: string;
  log: StoreLog;
  retryMs?: number;
}

interface Pending {
  artifact: GivenArtifact;
  tries: number;
  dueAt: number;
  isOnItsWay: boolean;
}

/**
 * Keeps contents in another store and gives each artifact to an address by POST, until that says that it has taken it. What has
 * still to be given is noted in a folder; its content stays at least as long.
 */
export class PostStore implements ContentStore {
  readonly #options: PostStoreOptions;
  readonly #notes: PendingFolder;
  readonly #pending = new Map<string, Pending>();
  readonly #given = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PostStoreOptions) {
    this.#options = options;
    this.#notes = new PendingFolder(options.pendingFolder);
  }

  async open(owner: string): Promise<void> {
    await this.#options.kept.open(owner);
    for (const [name, artifact] of await this.#notes.all()) this.#add(name, artifact);
    this.#giveDue();
  }

  take(sha256: string, file: string): Promise<void> {
    return this.#options.kept.take(sha256, file);
  }

  has(sha256: string, size: number): Promise<boolean> {
    return this.#options.kept.has(sha256, size);
  }

  read(sha256: string, range?: ContentRange): Promise<Readable> {
    return this.#options.kept.read(sha256, range);
  }

  list(): AsyncIterable<string> {
    return this.#options.kept.list();
  }

  /** One that has still to be given stays, and is listed on. */
  async remove(sha256: string): Promise<void> {
    for (const { artifact } of this.#pending.values()) if (artifact.sha256 === sha256) return;
    await this.#options.kept.remove(sha256);
  }

  async give(artifact: GivenArtifact): Promise<Giving> {
    const name = await this.#notes.add(artifact);
    return {
      begin: () => {
        this.#add(name, artifact);
        this.#giveDue();
      },
      drop: () => this.#notes.remove(name),
    };
  }

  async close(): Promise<void> {
    this.#closing.abort(new SkepError('QUEEN_STOPPING'));
    clearTimeout(this.#timer);
    await Promise.all(this.#given);
    await this.#options.kept.close();
  }

  #add(name: string, artifact: GivenArtifact): void {
    if (!this.#pending.has(name)) this.#pending.set(name, { artifact, tries: 0, dueAt: 0, isOnItsWay: false });
  }

  /** Gives what is due, as many at once as may be, and comes back when the next is. */
  #giveDue(): void {
    clearTimeout(this.#timer);
    while (!this.#closing.signal.aborted && this.#given.size < AT_ONCE) {
      const [name, pending] = this.#nextDue() ?? [];
      if (name === undefined || pending === undefined) return;
      const inMs = pending.dueAt - Date.now();
      if (inMs > 0) {
        this.#timer = setTimeout(() => this.#giveDue(), inMs).unref();
        return;
      }
      pending.isOnItsWay = true;
      const given = this.#giveOne(name, pending).then(() => {
        this.#given.delete(given);
        this.#giveDue();
      });
      this.#given.add(given);
    }
  }

  #nextDue(): [string, Pending] | undefined {
    let next: [string, Pending] | undefined;
    for (const each of this.#pending) if (!each[1].isOnItsWay && each[1].dueAt < (next?.[1].dueAt ?? Number.POSITIVE_INFINITY)) next = each;
    return next;
  }

  async #giveOne(name: string, pending: Pending): Promise<void> {
    const { url, authorization, kept, log, retryMs = RETRY_MS } = this.#options;
    const { artifact } = pending;
    const { signal } = this.#closing;
    const { job, path } = artifact;
    const to = new URL(url).host;
    try {
      const content = await kept.read(artifact.sha256);
      await postArtifact({ url, authorization, artifact, content, signal });
      await this.#notes.remove(name);
      this.#pending.delete(name);
      if (pending.tries > 0) log.info({ job, path, to, tries: pending.tries + 1 }, 'artifact given, after it had failed');
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof SkepError && error.code === 'ARTIFACT_LOST') {
        log.warn({ job, path, err: error }, 'an artifact cannot be given: its content is gone');
        this.#pending.delete(name);
        await this.#notes.remove(name).catch(() => undefined);
        return;
      }
      if (pending.tries === 0) log.warn({ job, path, to, err: error }, 'an artifact could not be given; it is kept here and tried again');
      pending.dueAt = Date.now() + Math.min(MAX_RETRY_MS, retryMs * 2 ** pending.tries);
      pending.tries += 1;
      pending.isOnItsWay = false;
    }
  }
}
