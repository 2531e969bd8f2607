import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes of packed caches that a drone keeps. */
const MAX_BYTES = 10 * 1024 ** 3;
/** A packed file of which the upload or unpacking may still go on, in ms. */
const FRESH_MS = 3600_000;

/** The packed caches of a drone, by content; those unused for longest go first. Whatever goes is still at the queen. */
export class CacheFolder {
  readonly #folder: string;

  constructor(
    dataDir: string,
    private readonly maxBytes: number = MAX_BYTES,
  ) {
    this.#folder = join(dataDir, 'caches');
  }

  /** Where the content of this digest is, used just now; undefined if it is not here. */
  async find(sha256: string): Promise<string | undefined> {
    const path = this.#pathOf(sha256);
    const now = new Date();
    return utimes(path, now, now).then(
      () => path,
      () => undefined,
    );
  }

  /** Takes a file in, from the same disk, and lets go of what is too much. @returns where it is now */
  async add(file: string, sha256: string): Promise<string> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = this.#pathOf(sha256);
    await rename(file, path);
    await this.#trim();
    return path;
  }

  async #trim(): Promise<void> {
    const now = Date.now();
    const entries = (await readdir(this.#folder)).map(async (name) => {
      const path = join(this.#folder, name);
      const found = await stat(path).catch(() => undefined);
      return found ? [{ path, bytes: found.size, ageMs: now - found.mtimeMs }] : [];
    });
    let bytes = 0;
    for (const entry of (await Promise.all(entries)).flat().sort((a, b) => a.ageMs - b.ageMs)) {
      bytes += entry.bytes;
      if (bytes > this.maxBytes && entry.ageMs > FRESH_MS) await rm(entry.path, { force: true });
    }
  }

  #pathOf(sha256: string): string {
    return join(this.#folder, `${sha256}.tar.gz`);
  }
}
