import { createHash } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { open, realpath, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type AssignedJob, cacheKeyOf, type JobCache, Sha256 } from '@skep/protocol';
import { create } from 'tar';
import { liesIn } from '../artifacts/findFiles.js';
import { openInside } from '../artifacts/openInside.js';
import { QueenFiles } from '../artifacts/QueenFiles.js';
import { sha256Of } from '../artifacts/sha256Of.js';
import { download } from '../download.js';
import { linkLeadsInside, unpack } from '../workspace/unpack.js';
import type { CacheFolder } from './CacheFolder.js';

/** How long a queen that is away is tried for: a job can do without its caches. */
const PATIENCE_MS = 10_000;
/** Bytes of a packed cache. */
const MAX_BYTES = 8 * 1024 ** 3;

export interface CachesOptions {
  readonly job: Pick<AssignedJob, 'project'>;
  readonly queen: string;
  readonly ticket: string;
  /** The workspace's. */
  readonly folder: string;
  readonly tmp: string;
  readonly kept: CacheFolder;
  readonly signal: AbortSignal;
  readonly onSign: () => void;
}

type Cache = JobCache[number];

/** The caches of one attempt: found before it, kept after it. */
export class AttemptCaches {
  readonly #options: CachesOptions;
  readonly #queen: QueenFiles;

  constructor(options: CachesOptions) {
    this.#options = options;
    this.#queen = new QueenFiles({ ...options, patienceMs: PATIENCE_MS });
  }

  /** The key of a cache as the files are now. */
  keyOf({ key }: Cache): Promise<string> {
    return cacheKeyOf(key, `${process.platform}-${process.arch}`, (names) => this.#digestOf(names));
  }

  /** Unpacks the cache of a key, or the best that the prefixes name. @returns the key of what was unpacked, if there was any */
  async restore(key: string, { restore = [] }: Cache): Promise<string | undefined> {
    const { queen, ticket, tmp, kept, folder, signal, job } = this.#options;
    const query = new URLSearchParams();
    for (const prefix of restore) query.append('prefix', await this.keyOf({ key: prefix, paths: [] }));
    if (job.project) query.set('project', job.project);
    const address = `/api/caches/${encodeURIComponent(key)}?${query}`;
    const headers = await this.#queen.headersOf(address);
    if (!headers) return undefined;
    const sha256 = Sha256.parse(headers.get('etag')?.replaceAll('"', ''));
    const found = decodeURIComponent(headers.get('x-skep-cache-key') ?? key);
    let packed = await kept.find(sha256);
    if (packed === undefined) {
      const file = join(tmp, `${sha256}.tar.gz`);
      const digest = await download({ url: `${queen}${address}`, bearer: ticket, file, maxBytes: MAX_BYTES, signal });
      // Another may have taken its place meanwhile; that one is as good.
      packed = await kept.add(file, digest);
    }
    await unpack(packed, folder, `cache ${found}`, signal);
    return found;
  }

  /** Packs what is there of the paths, and keeps it here and at the queen. @returns its bytes; undefined if there is nothing */
  async save(key: string, { paths }: Cache): Promise<number | undefined> {
    const { tmp, kept, folder, signal, job } = this.#options;
    const top = await realpath(folder);
    const present: string[] = [];
    for (const path of paths) {
      const real = await realpath(join(folder, path)).catch(() => undefined);
      // What begins with @ would be read as the name of an archive.
      if (real !== undefined && liesIn(top, real)) present.push(`./${path}`);
    }
    if (present.length === 0) return undefined;
    const file = join(tmp, `${createHash('sha256').update(key).digest('hex')}.tar.gz`);
    try {
      await create({ file, cwd: folder, gzip: { level: 1 }, filter: (path) => !signal.aborted && staysInside(folder, path) }, present);
      signal.throwIfAborted();
      const { size } = await stat(file);
      const handle = await open(file);
      try {
        const sha256 = await sha256Of(handle, size, signal);
        await kept.add(file, sha256);
        await this.#queen.upload('/api/caches', { ...(job.project && { project: job.project }), key, size, sha256 }, handle);
      } finally {
        await handle.close();
      }
      return size;
    } finally {
      await rm(file, { force: true });
    }
  }

  /** One digest of the content of files, in the order of their names; what is not there counts as empty. */
  async #digestOf(names: string[]): Promise<string> {
    const { folder, signal } = this.#options;
    const all = createHash('sha256');
    for (const name of names) {
      const opened = await openInside(folder, name);
      if ('why' in opened) {
        all.update(`${name}\0`);
        continue;
      }
      try {
        all.update(`${name}\0${await sha256Of(opened.file, opened.size, signal)}`);
      } finally {
        await opened.file.close();
      }
    }
    return all.digest('hex').slice(0, 32);
  }
}

/** Links that lead out of the workspace would be refused when they are unpacked. */
function staysInside(folder: string, path: string): boolean {
  let to: string;
  try {
    to = readlinkSync(join(folder, path));
  } catch {
    return true; // No link.
  }
  return linkLeadsInside(path, to);
}
