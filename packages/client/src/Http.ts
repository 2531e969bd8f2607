import { LinkAnswer, parseAs, SkepError } from '@skep/protocol';
import { errorIn } from './answers.js';
import { AGAIN_MS, Deadline, durationWords, pause } from './deadline.js';

/** How long an answer that is read in pieces may stay silent, unless it is one that waits for the job. */
const SILENCE_MS = 60_000;

export interface HttpOptions {
  url: string;
  token?: string | undefined;
  /** Milliseconds that one request may take, repetitions included. */
  deadlineMs: number;
}

export type Query = Record<string, string | number | boolean | undefined>;

export interface RequestOptions {
  query?: Query;
  body?: unknown;
  /** Bytes in place of a body of JSON. */
  bytes?: Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
  /** Whether the request may be made twice; if so it is made again while the queen cannot be reached. */
  repeatable?: boolean;
  signal?: AbortSignal | undefined;
}

/** The queen's REST routes: answers as values, its errors as SkepErrors. */
export class Http {
  readonly #options: HttpOptions;

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  /** The address of the queen, without a slash at its end. */
  get url(): string {
    return this.#options.url;
  }

  /** The whole address of a path that a browser reads by itself; where a token is needed, a link for the next five minutes. */
  async openAddress(address: string): Promise<string> {
    if (this.#options.token === undefined) return this.url + address;
    const answer = await this.json('POST', '/api/links', { body: { address }, repeatable: true });
    return this.url + parseAs(LinkAnswer, answer, 'The link').address;
  }

  /**
   * The JSON that a route answers with.
   * @throws {SkepError} the queen's error, QUEEN_UNREACHABLE, TIMED_OUT
   */
  async json(method: string, path: string, options: RequestOptions = {}): Promise<unknown> {
    const deadline = new Deadline(this.#options.deadlineMs);
    const response = await this.#fetch(method, path, options, deadline);
    try {
      return response.status === 204 ? undefined : await response.json();
    } catch (cause) {
      throw new SkepError('INTERNAL', `${this.#options.url}${path} did not answer with JSON; is this the address of a queen?`, { cause });
    }
  }

  /**
   * The bytes that a route answers with, as they come.
   * @param waits whether the route may be silent for as long as the job is
   * @throws {SkepError} the queen's error, QUEEN_UNREACHABLE, TIMED_OUT; also where the connection is lost in the middle
   */
  async *bytes(path: string, options: RequestOptions, waits: boolean): AsyncGenerator<Uint8Array, void, void> {
    const leaving = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, leaving.signal]) : leaving.signal;
    const { body } = await this.#fetch('GET', path, { ...options, signal }, new Deadline(this.#options.deadlineMs));
    if (!body) return;
    const reader = body.getReader();
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      for (;;) {
        if (!waits) timer = setTimeout(() => leaving.abort(), SILENCE_MS);
        const { done, value } = await reader.read();
        clearTimeout(timer);
        if (done) return;
        yield value;
      }
    } catch (cause) {
      if (options.signal?.aborted) return;
      throw new SkepError('QUEEN_UNREACHABLE', `The connection to ${this.#options.url} was lost in the middle of an answer`, { cause });
    } finally {
      clearTimeout(timer);
      leaving.abort();
    }
  }

  async #fetch(method: string, path: string, options: RequestOptions, deadline: Deadline): Promise<Response> {
    for (let before: SkepError | undefined; ; ) {
      const failure = await this.#try(method, path, options, deadline);
      if (failure instanceof Response) return failure;
      // One that only ran out of time says less than what the one before it met.
      if (failure.code === 'TIMED_OUT') throw before ?? failure;
      const again = (options.repeatable ?? method === 'GET') && !options.signal?.aborted && !deadline.hasPassed;
      if (!again || (failure.code !== 'QUEEN_UNREACHABLE' && failure.code !== 'QUEEN_STOPPING')) throw failure;
      before = failure;
      await pause(Math.min(AGAIN_MS, deadline.leftMs), options.signal);
    }
  }

  async #try(
    method: string,
    path: string,
    { query, body, bytes, headers, signal }: RequestOptions,
    deadline: Deadline,
  ): Promise<Response | SkepError> {
    const { url, token, deadlineMs } = this.#options;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), deadline.leftMs);
    try {
      const response = await fetch(addressOf(url, path, query), {
        method,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(bytes && { body: bytes }),
        signal: signal ? AbortSignal.any([signal, late.signal]) : late.signal,
      });
      return response.ok ? response : await failureOf(response, url);
    } catch (cause) {
      if (late.signal.aborted) return new SkepError('TIMED_OUT', `${url} did not answer within ${durationWords(deadlineMs)}`, { cause });
      return new SkepError('QUEEN_UNREACHABLE', `No queen answers at ${url}`, { cause });
    } finally {
      clearTimeout(timer);
    }
  }
}

function addressOf(url: string, path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  const text = search.toString();
  return `${url}${path}${text && `?${text}`}`;
}

async function failureOf(response: Response, url: string): Promise<SkepError> {
  const text = await response.text();
  try {
    const error = errorIn(JSON.parse(text));
    if (error) return error;
  } catch {
    // Not JSON: something that is no queen answered, and the status is all it said.
  }
  return new SkepError('INTERNAL', `${url} answered with status ${response.status}; is this the address of a queen?`);
}
