import type { FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ErrorBody, type ErrorCode, parseAs, SkepError, UploadAnswer } from '@skep/protocol';
import { backoffMs } from '../supervisor/backoff.js';
import { sendBytes } from './sendBytes.js';

/** Bytes of one request; the queen cuts one that takes more than five minutes. */
const PIECE_BYTES = 64 * 1024 * 1024;
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
    const said = { method, ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) };
    return (await this.#again(() => this.#once(this.#fetch(path, said)))).answer;
  }

  /** The headers that a GET of a route would have; undefined if there is nothing there. */
  async headersOf(path: string): Promise<Headers | undefined> {
    // What is there is answered with its headers alone: whoever asks has "any of it" already.
    const asked = { headers: { 'if-none-match': '*' } };
    const { status, headers } = await this.#again(() => this.#once(this.#fetch(path, asked), [304, 404]));
    return status === 304 ? headers : undefined;
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
    const { queen, ticket } = this.#options;
    const to = Math.min(size, offset + PIECE_BYTES);
    const url = `${queen}/api/uploads/${encodeURIComponent(upload ?? '')}`;
    const headers = {
      authorization: `Bearer ${ticket}`,
      'content-type': 'application/offset+octet-stream',
      'upload-offset': String(offset),
    };
    const onSent = (): void => this.#sign();
    try {
      const { answer } = await this.#once((signal) => sendBytes({ url, method: 'PATCH', headers, file, from: offset, to, signal, onSent }));
      return parseAs(UploadAnswer, answer, 'The answer to an upload');
    } catch (error) {
      if ((await file.stat()).size < size) throw new SkepError('DIGEST_MISMATCH', 'The file has become shorter meanwhile');
      await this.#pauseAfter(error, 0);
      return undefined;
    }
  }

  #fetch(path: string, init: RequestInit): (signal: AbortSignal) => Promise<{ status: number; text: string; headers: Headers }> {
    const { queen, ticket } = this.#options;
    return async (signal) => {
      const response = await fetch(`${queen}${path}`, { ...init, headers: { ...init.headers, authorization: `Bearer ${ticket}` }, signal });
      return { status: response.status, text: await response.text(), headers: response.headers };
    };
  }

  /** Asks once, until the queen answers or is silent for too long. @throws {SkepError} what she says */
  async #once<T extends { status: number; text: string }>(
    ask: (signal: AbortSignal) => Promise<T>,
    alsoFine: readonly number[] = [],
  ): Promise<T & { answer: unknown }> {
    const { queen, signal } = this.#options;
    const silence = new AbortController();
    const watch = setInterval(() => {
      if (performance.now() - startedAt > SILENCE_MS && performance.now() - this.#heardAt > SILENCE_MS) silence.abort();
    }, 1000);
    const startedAt = performance.now();
    try {
      const said = await ask(AbortSignal.any([signal, silence.signal]));
      this.#sign();
      const answer = jsonIn(said.text);
      if ((said.status >= 200 && said.status < 300) || alsoFine.includes(said.status)) return { ...said, answer };
      const { data } = ErrorBody.safeParse((answer as { error?: unknown } | undefined)?.error);
      throw data ? SkepError.fromBody(data) : new SkepError('QUEEN_UNREACHABLE', `${queen} answers ${said.status}`);
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

/** The JSON of an answer; undefined if it is something else. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
