import type { FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ErrorBody, type ErrorCode, parseAs, SkepError, UploadAnswer } from '@skep/protocol';
import { backoffMs } from '../supervisor/backoff.js';

/** Bytes that are sent at once: so much at most is sent again after a cut. */
const PIECE_BYTES = 32 * 1024 * 1024;
/** How long the queen may neither take nor say anything. */
const SILENCE_MS = 60_000;
/** What passes when it is tried again, or the file announced again. */
const passing: ReadonlySet<ErrorCode> = new Set(['UPLOAD_NOT_FOUND', 'UPLOAD_OFFSET', 'TOO_MANY_UPLOADS', 'RATE_LIMITED'] as const);

export interface QueenFilesOptions {
  /** The queen's address, without a slash at its end. */
  readonly queen: string;
  /** The ticket of the attempt. */
  readonly ticket: string;
  readonly signal: AbortSignal;
  /** How long a queen that is away is tried for, in ms. */
  readonly patienceMs: number;
  /** Called whenever something is done or tried. */
  readonly onSign: () => void;
}

/** The files of an attempt at its queen. A queen that is away is tried again and again, until the signal or its patience ends it. */
export class QueenFiles {
  readonly #options: QueenFilesOptions;
  #heardAt = performance.now();

  constructor(options: QueenFilesOptions) {
    this.#options = options;
  }

  /**
   * Uploads a file unless the queen has its content already; what came of an earlier try is gone on from.
   * @param path the route that it is announced at
   * @param body the announcement
   * @throws {SkepError} what the queen says of it; the signal's reason
   */
  async upload(path: string, body: object, file: FileHandle): Promise<void> {
    const announce = async (): Promise<UploadAnswer> =>
      parseAs(UploadAnswer, await this.ask('POST', path, body), 'The answer to an upload');
    let state = await announce();
    while (!state.stored) state = (await this.#sendPiece(state, file)) ?? (await announce());
  }

  /**
   * The JSON that a route answers with.
   * @throws {SkepError} what the queen says; the signal's reason
   */
  async ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const said = { ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) };
    return (await this.#again(() => this.#once(method, path, said))).answer;
  }

  /** The headers that a GET of a route would have; undefined if there is nothing there. */
  async headersOf(path: string): Promise<Headers | undefined> {
    // What is there is answered with its headers alone: whoever asks has "any of it" already.
    const asked = { headers: { 'if-none-match': '*' } };
    const { response } = await this.#again(() => this.#once('GET', path, asked, [304, 404]));
    return response.status === 304 ? response.headers : undefined;
  }

  async #again<T>(act: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++) {
      try {
        return await act();
      } catch (error) {
        await this.#pauseAfter(error, tries);
      }
    }
  }

  /** @returns how the upload stands; undefined if that has to be asked for */
  async #sendPiece({ upload, offset, size }: UploadAnswer, file: FileHandle): Promise<UploadAnswer | undefined> {
    const end = Math.min(size, offset + PIECE_BYTES);
    const bytes = this.#bytesOf(file, offset, end);
    try {
      const { answer } = await this.#once('PATCH', `/api/uploads/${encodeURIComponent(upload ?? '')}`, {
        headers: {
          'content-type': 'application/offset+octet-stream',
          'content-length': String(end - offset),
          'upload-offset': String(offset),
        },
        body: ReadableStream.from(bytes),
        duplex: 'half',
      });
      return parseAs(UploadAnswer, answer, 'The answer to an upload');
    } catch (error) {
      if ((await file.stat()).size < size) throw new SkepError('DIGEST_MISMATCH', 'The file has become shorter meanwhile');
      await this.#pauseAfter(error, 0);
      return undefined;
    }
  }

  async *#bytesOf(file: FileHandle, from: number, to: number): AsyncGenerator<Uint8Array> {
    for (let at = from; at < to; ) {
      const { bytesRead, buffer } = await file.read({ buffer: Buffer.allocUnsafe(Math.min(64 * 1024, to - at)), position: at });
      if (bytesRead === 0) throw new Error('the file has become shorter');
      at += bytesRead;
      this.#sign();
      yield buffer.subarray(0, bytesRead);
    }
  }

  async #once(
    method: string,
    path: string,
    init: RequestInit & { duplex?: 'half' },
    alsoFine: readonly number[] = [],
  ): Promise<{ response: Response; answer: unknown }> {
    const { queen, ticket, signal } = this.#options;
    const silence = new AbortController();
    const watch = setInterval(() => {
      if (performance.now() - startedAt > SILENCE_MS && performance.now() - this.#heardAt > SILENCE_MS) silence.abort();
    }, 1000);
    const startedAt = performance.now();
    try {
      const response = await fetch(`${queen}${path}`, {
        ...init,
        method,
        headers: { ...init.headers, authorization: `Bearer ${ticket}` },
        signal: AbortSignal.any([signal, silence.signal]),
      });
      const answer: unknown = await response.json().catch(() => undefined);
      this.#sign();
      if (response.ok || alsoFine.includes(response.status)) return { response, answer };
      const { data } = ErrorBody.safeParse((answer as { error?: unknown } | undefined)?.error);
      throw data ? SkepError.fromBody(data) : new SkepError('QUEEN_UNREACHABLE', `${queen} answers ${response.status}`);
    } finally {
      clearInterval(watch);
    }
  }

  #sign(): void {
    this.#heardAt = performance.now();
    this.#options.onSign();
  }

  /** Waits until it may be tried again. @throws what trying again does not change, or goes on for too long */
  async #pauseAfter(error: unknown, tries: number): Promise<void> {
    const { signal, patienceMs, onSign } = this.#options;
    signal.throwIfAborted();
    if (error instanceof SkepError && error.status < 500 && !passing.has(error.code)) throw error;
    if (performance.now() - this.#heardAt > patienceMs) throw error;
    onSign();
    await sleep(backoffMs(tries), undefined, { signal });
  }
}
