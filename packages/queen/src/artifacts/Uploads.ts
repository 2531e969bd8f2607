import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { PartialFiles } from '@skep/artifacts';
import { type ArtifactBody, type CacheBody, type Limits, SkepError, type UploadAnswer } from '@skep/protocol';
import type { ArtifactRecord, Change, Store, UploadRecord, UploadTarget } from '@skep/store';
import type { JobDesk } from '../ports.js';
import type { Contents } from './Contents.js';
import { mediaTypeOf } from './mediaTypeOf.js';

/** How long an upload of a cache may take. That of an artifact may take as long as the lease under which it was announced. */
const CACHE_UPLOAD_MS = 24 * 3600 * 1000;
/** How long whoever sent the last byte waits for the store, in ms, until it is told to ask again: others give up on who says nothing. */
const PATIENCE_MS = 5000;

export interface UploadsOptions {
  store: Pick<Store, 'commit' | 'uploads' | 'countArtifacts'>;
  contents: Contents;
  partials: PartialFiles;
  desk: Pick<JobDesk, 'checkLease'>;
  limits: Pick<Limits, 'maxArtifact' | 'maxArtifacts' | 'maxUploads'>;
  now: () => number;
  patienceMs?: number;
}

/**
 * Artifacts and caches on their way in. A file is announced, then sent in pieces over any number of connections; when it
 * is complete its digest is checked, its content goes to the store of contents, and only then is it known to anybody.
 */
export class Uploads {
  readonly #options: UploadsOptions;
  readonly #open = new Map<string, UploadRecord>();
  /** Those of which all bytes are here, on their way to the store of contents. */
  readonly #completing = new Map<string, Promise<UploadAnswer>>();

  constructor(options: UploadsOptions) {
    this.#options = options;
  }

  /** Finds again what was on its way when the queen stopped, and removes what belongs to nothing. */
  async start(): Promise<void> {
    for (const record of await this.#options.store.uploads()) this.#open.set(record.id, record);
    await this.#options.partials.sweep((id) => this.#open.has(id));
  }

  /** Gives up the uploads that nobody may complete any more. */
  async sweep(): Promise<void> {
    for (const record of [...this.#open.values()]) {
      if (this.#mayGoOn(record)) continue;
      await this.#drop(record);
    }
    await this.#options.partials.sweep((id) => this.#open.has(id));
  }

  /** Cuts off all who are sending; they go on at the next queen. */
  close(): Promise<void> {
    return this.#options.partials.close();
  }

  /** Resolved when no upload is on its way to the store of contents any more, which must have been closed. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#completing.values());
  }

  /**
   * An attempt announces an artifact. One whose content is there already is stored at once; one that was announced before
   * goes on from where it is.
   * @throws LEASE_ENDED, ARTIFACT_TOO_LARGE, TOO_MANY_ARTIFACTS, TOO_MANY_UPLOADS, STORE_FULL
   */
  async announceArtifact(jobId: string, { attempt, lease, path, size, mode, mediaType, sha256 }: ArtifactBody): Promise<UploadAnswer> {
    const { desk, limits, store } = this.#options;
    desk.checkLease(jobId, attempt, lease);
    this.#checkSize(`The artifact ${path}`, size);
    const target: UploadTarget = { type: 'artifact', jobId, attempt, lease, path, mode, mediaType: mediaType ?? mediaTypeOf(path) };
    const under = [...this.#open.values()].filter((each) => each.target.type === 'artifact' && each.target.lease === lease).length;
    if ((await store.countArtifacts(jobId, attempt)) + under >= limits.maxArtifacts) {
      throw new SkepError('TOO_MANY_ARTIFACTS', `Attempt ${attempt} of job ${jobId} has maxArtifacts (${limits.maxArtifacts}) artifacts`);
    }
    return this.#announce(target, size, sha256);
  }

  /** Somebody announces a cache; as with artifacts. @throws ARTIFACT_TOO_LARGE, TOO_MANY_UPLOADS, STORE_FULL */
  async announceCache({ project = '', key, size, sha256 }: CacheBody): Promise<UploadAnswer> {
    this.#checkSize(`The cache ${key}`, size);
    return this.#announce({ type: 'cache', project, key }, size, sha256);
  }

  /** How an upload stands. Whoever is still sending to it is cut off. @throws UPLOAD_NOT_FOUND */
  async stateOf(id: string): Promise<UploadAnswer> {
    const record = this.#find(id);
    return standing(record, this.#completing.has(id) ? record.size : await this.#options.partials.offsetOf(id));
  }

  /**
   * Takes bytes of an upload. With the last of them it is complete, and goes to the store of contents: it is stored when this
   * is resolved, unless that takes long; where it takes long or fails, sending nothing at the same offset waits on or tries again.
   * @throws UPLOAD_NOT_FOUND, UPLOAD_OFFSET, DIGEST_MISMATCH, LEASE_ENDED, STORE_FULL, ARTIFACT_STORE_FAILED, ARTIFACT_STORE_UNREACHABLE
   */
  async append(id: string, offset: number, source: Readable): Promise<UploadAnswer> {
    const record = this.#find(id);
    if (!this.#mayGoOn(record)) {
      await this.#drop(record);
      this.#checkTarget(record);
      throw new SkepError('UPLOAD_NOT_FOUND', 'The upload took too long and was given up');
    }
    try {
      if (this.#completing.has(id)) return await this.#completed(record);
      const bytes = await this.#options.partials.append(id, offset, record.size, source);
      return bytes < record.size ? standing(record, bytes) : await this.#completed(record);
    } catch (error) {
      if (error instanceof SkepError && (error.code === 'DIGEST_MISMATCH' || error.code === 'LEASE_ENDED')) await this.#drop(record);
      throw error;
    }
  }

  async #announce(target: UploadTarget, size: number, sha256: string): Promise<UploadAnswer> {
    const { contents, limits, store, now, partials } = this.#options;
    const key = keyOf(target);
    const same = [...this.#open.values()].find((each) => each.sha256 === sha256 && each.size === size && keyOf(each.target) === key);
    const record = same ?? { id: randomBytes(16).toString('hex'), target, size, sha256, createdAt: now() };
    if (same && this.#completing.has(same.id)) return standing(same, size);
    if (await contents.referTo(sha256, size, () => this.#refer(record))) {
      if (same) await partials.remove(same.id);
      return { upload: null, offset: size, size, stored: true };
    }
    if (same) return this.stateOf(same.id);
    if (this.#open.size >= limits.maxUploads) {
      throw new SkepError('TOO_MANY_UPLOADS', `maxUploads (${limits.maxUploads}) uploads have begun and are not complete`);
    }
    this.#open.set(record.id, record);
    try {
      await store.commit([{ type: 'upload', record }]);
    } catch (error) {
      this.#open.delete(record.id);
      throw error;
    }
    return size > 0 ? standing(record, 0) : this.append(record.id, 0, Readable.from([]));
  }

  /** The end of an upload of which all bytes are here; how it stands, if that takes long. */
  async #completed(record: UploadRecord): Promise<UploadAnswer> {
    const { id, size } = record;
    let completing = this.#completing.get(id);
    if (!completing) {
      completing = this.#complete(record).finally(() => this.#completing.delete(id));
      this.#completing.set(id, completing);
      // Whoever asks next tries again.
      completing.catch(() => undefined);
    }
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<UploadAnswer>((resolve) => {
      timer = setTimeout(() => resolve(standing(record, size)), this.#options.patienceMs ?? PATIENCE_MS);
    });
    try {
      return await Promise.race([completing, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #complete(record: UploadRecord): Promise<UploadAnswer> {
    const { contents, partials } = this.#options;
    const { id, size, sha256 } = record;
    const file = async (): Promise<string | undefined> => {
      // Two may have sent the last piece.
      if (!this.#open.has(id)) return undefined;
      const found = await partials.sha256Of(id);
      if (found !== sha256) throw new SkepError('DIGEST_MISMATCH', `What was uploaded has the SHA-256 ${found}, not ${sha256}`);
      return partials.placeOf(id);
    };
    await contents.take(sha256, file, () => this.#refer(record));
    partials.forget(id);
    return { upload: null, offset: size, size, stored: true };
  }

  /** Makes the artifact or cache known, whose content is there. */
  async #refer({ id, target, size, sha256 }: UploadRecord): Promise<void> {
    const { contents, now, store } = this.#options;
    const createdAt = now();
    let artifact: ArtifactRecord | undefined;
    const changes: Change[] = this.#open.has(id) ? [{ type: 'drop-upload', id }] : [];
    if (target.type === 'cache') {
      const { project, key } = target;
      changes.push({ type: 'cache', record: { project, key, size, sha256, createdAt, usedAt: createdAt } });
    } else {
      const { jobId, attempt, lease, path, mode, mediaType } = target;
      artifact = { jobId, attempt, path, size, mode, mediaType, sha256, createdAt };
      changes.push({ type: 'artifact', lease, record: artifact });
    }
    const giving = artifact && (await contents.give(artifact));
    try {
      await store.commit(changes);
    } catch (error) {
      await giving?.drop();
      throw error;
    }
    giving?.begin();
    this.#open.delete(id);
  }

  async #drop({ id, sha256 }: UploadRecord): Promise<void> {
    const { store, partials, contents } = this.#options;
    await store.commit([{ type: 'drop-upload', id }]);
    this.#open.delete(id);
    await partials.remove(id);
    await contents.removeUnreferenced([sha256]);
  }

  #find(id: string): UploadRecord {
    const record = this.#open.get(id);
    if (!record) throw new SkepError('UPLOAD_NOT_FOUND');
    return record;
  }

  #mayGoOn(record: UploadRecord): boolean {
    if (record.target.type === 'cache') return this.#options.now() - record.createdAt < CACHE_UPLOAD_MS;
    try {
      this.#checkTarget(record);
      return true;
    } catch {
      return false;
    }
  }

  #checkTarget({ target }: UploadRecord): void {
    if (target.type === 'artifact') this.#options.desk.checkLease(target.jobId, target.attempt, target.lease);
  }

  #checkSize(what: string, size: number): void {
    const { maxArtifact } = this.#options.limits;
    if (size > maxArtifact) throw new SkepError('ARTIFACT_TOO_LARGE', `${what} has ${size} bytes; maxArtifact is ${maxArtifact}`);
  }
}

const standing = ({ id, size }: UploadRecord, offset: number): UploadAnswer => ({ upload: id, offset, size, stored: false });

/** The same for the same place: an artifact's mode and type may differ. */
const keyOf = (target: UploadTarget): string =>
  JSON.stringify(target.type === 'cache' ? [target.project, target.key] : [target.lease, target.path, target.mode, target.mediaType]);
