import {
  type ArtifactBody,
  type ArtifactInfo,
  ArtifactPage,
  type ArtifactSearch,
  ArtifactsAnswer,
  type ErrorCode,
  parseAs,
  SkepError,
  UploadAnswer,
} from '@skep/protocol';
import { AGAIN_MS, pause } from './deadline.js';
import type { Http } from './Http.js';
import { jobPath } from './jobPath.js';

/** Bytes of a file that are sent at once. */
const PIECE_BYTES = 4 * 1024 * 1024;
/** What may be gone when the file is announced again. */
const passing: ReadonlySet<ErrorCode> = new Set([
  'QUEEN_UNREACHABLE',
  'UPLOAD_OFFSET',
  'UPLOAD_NOT_FOUND',
  'ARTIFACT_STORE_UNREACHABLE',
] as const);
/** How often in a row a piece may be cut off. */
const MAX_CUTS = 10;

const pathOf = ({ job, path }: ArtifactInfo): string => `${jobPath(job)}/artifacts/${path.split('/').map(encodeURIComponent).join('/')}`;

/** The files that jobs leave behind. Errors are SkepErrors. */
export class Artifacts {
  constructor(private readonly http: Http) {}

  /** Those of a job, by path: of its latest attempt, or of another. */
  async list(job: string, attempt?: number): Promise<ArtifactInfo[]> {
    const answer = await this.http.json('GET', `${jobPath(job)}/artifacts`, { query: { attempt } });
    return parseAs(ArtifactsAnswer, answer, 'The list of artifacts').artifacts;
  }

  /** A page of those of all jobs, the newest first; `next` of one page is `before` of the one after it. */
  async search(query: Partial<ArtifactSearch> = {}): Promise<ArtifactPage> {
    return parseAs(ArtifactPage, await this.http.json('GET', '/api/artifacts', { query }), 'The page of artifacts');
  }

  /**
   * The bytes of one, from one of them on.
   * @param fromQueen from the queen herself, also where she would lead to a store of artifacts that perhaps cannot be reached from here
   * @throws {SkepError} QUEEN_UNREACHABLE where they break off: ask again from there
   */
  bytes(artifact: ArtifactInfo, from = 0, signal?: AbortSignal, fromQueen = false): AsyncGenerator<Uint8Array, void, void> {
    const { attempt, sha256 } = artifact;
    // Of other content it is given whole, so that the digest is wrong in the end.
    const headers = { 'accept-encoding': 'identity', ...(from > 0 && { range: `bytes=${from}-`, 'if-range': `"${sha256}"` }) };
    return this.http.bytes(pathOf(artifact), { query: { attempt, ...(fromQueen && { redirect: 'no' }) }, headers, signal }, false);
  }

  /**
   * Where a browser reads one by itself; where tokens are needed, for the next five minutes.
   * @param isDownload to keep it, where it would be shown
   */
  address(artifact: ArtifactInfo, isDownload = false): Promise<string> {
    return this.http.openAddress(`${pathOf(artifact)}?attempt=${artifact.attempt}${isDownload ? '&download' : ''}`);
  }

  /**
   * Where a browser reads those of an attempt as one file by itself; where tokens are needed, for the next five minutes.
   * @param paths only these, and those in folders with a `/` at their end; all if there are none
   */
  archiveAddress(job: string, attempt: number, form: 'zip' | 'tar.gz', paths: readonly string[] = []): Promise<string> {
    const query = new URLSearchParams([['attempt', String(attempt)], ...paths.map((path): [string, string] => ['path', path])]);
    return this.http.openAddress(`${jobPath(job)}/all.${form}?${query}`);
  }

  /**
   * Uploads a file as an artifact of an attempt that runs, in pieces; what the queen has of it already is not sent again.
   * @param read the bytes of the file from one offset to another
   * @throws {SkepError} LEASE_ENDED, DIGEST_MISMATCH, ARTIFACT_TOO_LARGE, TOO_MANY_ARTIFACTS
   */
  async upload(job: string, artifact: ArtifactBody, read: (from: number, to: number) => Promise<Uint8Array<ArrayBuffer>>): Promise<void> {
    const announce = (): Promise<unknown> => this.http.json('POST', `${jobPath(job)}/artifacts`, { body: artifact, repeatable: true });
    for (let answer = await announce(), cuts = 0; ; ) {
      const { stored, offset, size, upload } = parseAs(UploadAnswer, answer, 'The answer to an upload');
      if (stored) return;
      const bytes = await read(offset, Math.min(size, offset + PIECE_BYTES));
      const headers = { 'upload-offset': String(offset), 'content-type': 'application/octet-stream' };
      try {
        answer = await this.http.json('PATCH', `/api/uploads/${encodeURIComponent(upload ?? '')}`, { bytes, headers });
        cuts = 0;
      } catch (error) {
        const mayGoOn = error instanceof SkepError && passing.has(error.code);
        if (!mayGoOn || ++cuts > MAX_CUTS) throw error;
        await pause(AGAIN_MS);
        answer = await announce();
      }
    }
  }
}
