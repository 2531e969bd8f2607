import { type ErrorCode, Gathering, messagesIn, SkepError, type Spoken, sayMany } from '@skep/protocol';
import { io, type Socket } from 'socket.io-client';
import { asSkepError, errorIn } from './answers.js';
import { Deadline, durationWords, pause } from './deadline.js';

/** How long one question waits for its answer before it is asked again. */
const ASK_MS = 10_000;
const RECONNECT_MIN_MS = 200;
const RECONNECT_MAX_MS = 5000;

/** Refusals that no second try can change. */
const finalCodes: ReadonlySet<ErrorCode> = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'ORIGIN_REFUSED', 'HOST_REFUSED', 'PROTOCOL_MISMATCH']);

export interface LinkOptions {
  url: string;
  token?: string | undefined;
}

type Listener = (...args: unknown[]) => void;

/** What is often asked many times in one turn, and asked for nothing but its answer. */
const gathered: ReadonlySet<string> = new Set(['queue:new']);

/** What a connection says of itself, which a peer cannot say. */
const reserved: ReadonlySet<string> = new Set(['connect', 'connect_error', 'disconnect', 'many']);

/** Calls at the end of this turn. Browsers have no such thing, and ask few questions at once. */
const soon = (call: () => void): void => {
  if (typeof setImmediate === 'function') setImmediate(call);
  // Called by its name: as a method of anything else browsers refuse it.
  else queueMicrotask(call);
};

/** One connection to the queen, opened when it is first needed and taken up again whenever it is lost. */
export class Link {
  readonly #url: string;
  readonly #socket: Socket;
  readonly #waiters = new Set<() => void>();
  /** Questions of this turn, where the queen takes several in one message. */
  readonly #questions: Gathering;
  #takesMany = false;
  #refusal: SkepError | undefined;
  #lastError: Error | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #retryAt: number | undefined;
  #tries = 0;
  #connection = 0;

  constructor({ url, token }: LinkOptions) {
    this.#url = url;
    const { origin, pathname } = new URL(url);
    this.#socket = io(origin, {
      path: `${pathname.replace(/\/$/, '')}/socket.io/`,
      autoConnect: false,
      forceNew: true,
      transports: ['websocket'],
      // Socket.IO's own does not come back from a refusal, and does not say when it will try.
      reconnection: false,
      auth: { many: true, ...(token !== undefined && { token }) },
    });
    this.#questions = new Gathering((questions) => this.#askMany(questions), soon);
    this.#socket.on('many', (messages: unknown) => this.#hearMany(messages));
    this.#socket.on('connect', () => {
      this.#connection += 1;
      this.#tries = 0;
      this.#stopRetry();
      this.#lastError = undefined;
      this.#wake();
    });
    this.#socket.on('connect_error', (error: Error & { data?: unknown }) => this.#failed(error));
    this.#socket.on('disconnect', () => {
      this.#takesMany = false;
      this.#retryLater();
    });
    this.#socket.on('error:invalid', (event: unknown, body: unknown) => {
      if (event === 'connect') this.#refuseIfFinal(asSkepError(body));
    });
  }

  /** Another number with every connection: what belongs to an earlier one must not be answered on this. */
  get connection(): number {
    return this.#connection;
  }

  get isConnected(): boolean {
    return this.#socket.connected;
  }

  /** When it tries to connect again (Unix ms); undefined while it is connected or is trying. */
  get retryAt(): number | undefined {
    return this.#retryAt;
  }

  /** Begins to connect, if it has not. */
  open(): void {
    if (!this.#refusal && !this.#socket.active && this.#retry === undefined) this.#socket.connect();
  }

  /**
   * Resolved when there is a connection, or when the signal is aborted.
   * @throws {SkepError} QUEEN_UNREACHABLE after the deadline, or at once what the queen refuses for good
   */
  async connected(deadline: Deadline, signal?: AbortSignal): Promise<void> {
    for (;;) {
      if (this.#refusal) throw this.#refusal;
      if (this.#socket.connected || signal?.aborted) return;
      if (deadline.hasPassed) throw this.#unreachable(deadline);
      this.open();
      await this.#change(deadline.leftMs, signal);
    }
  }

  /**
   * Asks until there is an answer: again after a lost connection and while the queen is about to stop, so only what may be said twice.
   * @throws {SkepError} the error in the answer, QUEEN_UNREACHABLE, TIMED_OUT
   */
  async ask(event: string, args: readonly unknown[], deadlineMs: number): Promise<unknown> {
    const deadline = new Deadline(deadlineMs);
    for (;;) {
      await this.connected(deadline);
      try {
        return await this.askOnce(event, args, Math.min(ASK_MS, deadline.leftMs));
      } catch (error) {
        const again = error instanceof SkepError && (error.code === 'TIMED_OUT' || error.code === 'QUEEN_STOPPING');
        if (!again || deadline.hasPassed) throw error;
        await pause(Math.min(RECONNECT_MIN_MS, deadline.leftMs));
      }
    }
  }

  /**
   * Asks once on the connection there is.
   * @param onAnswer called in the very moment of the answer, before anything that comes after it is heard
   * @throws {SkepError} the error in the answer, or TIMED_OUT if none came or the connection was lost
   */
  async askOnce(event: string, args: readonly unknown[], timeoutMs: number = ASK_MS, onAnswer?: () => void): Promise<unknown> {
    const answer = await new Promise((resolve, reject) => {
      const answered = (said: unknown): void => {
        if (said instanceof Error) {
          reject(new SkepError('TIMED_OUT', `The queen at ${this.#url} did not answer ${event}`, { cause: said }));
          return;
        }
        onAnswer?.();
        resolve(said);
      };
      const question = { name: event, args, answered };
      if (this.#takesMany && timeoutMs === ASK_MS && gathered.has(event)) this.#questions.add(question);
      else this.#emit(question, timeoutMs);
    });
    const error = errorIn(answer);
    if (error) throw error;
    return answer;
  }

  /** Says something that needs no answer; nothing if there is no connection. */
  say(event: string, ...args: unknown[]): void {
    if (this.#socket.connected) this.#socket.emit(event, ...args);
  }

  /** Hears an event of the queen; `connect` and `disconnect` too. Returns how to hear it no more. */
  on(event: string, listener: Listener): () => void {
    this.#socket.on(event, listener);
    return () => {
      this.#socket.off(event, listener);
    };
  }

  /** Ends the connection and starts it anew: the queen did not do what it said it would. */
  reconnect(): void {
    this.#socket.disconnect();
    this.#stopRetry();
    if (!this.#refusal) this.#socket.connect();
  }

  close(): void {
    this.#refusal ??= new SkepError('QUEEN_UNREACHABLE', `The connection to ${this.#url} was closed here`);
    this.#stopRetry();
    this.#socket.disconnect();
    this.#wake();
  }

  /** Asks; an answer that did not come is an Error. */
  #emit({ name, args, answered }: Spoken, timeoutMs: number): void {
    this.#socket.timeout(timeoutMs).emit(name, ...args, (cause: Error | null, said: unknown) => answered?.(cause ?? said));
  }

  #askMany(questions: readonly Spoken[]): void {
    if (this.#socket.connected) sayMany(questions, (question) => this.#emit(question, ASK_MS));
    // The next queen may be one that does not take them together.
    else for (const { answered } of questions) answered?.(new Error('the connection was lost'));
  }

  /** The queen says several things at once; with the first of them, which may be empty, that she hears them too. */
  #hearMany(messages: unknown): void {
    this.#takesMany = true;
    for (const [name, ...args] of messagesIn(messages)) {
      if (!reserved.has(name)) for (const listener of this.#socket.listeners(name)) listener(...args);
    }
  }

  #failed(error: Error & { data?: unknown }): void {
    this.#lastError = error;
    this.#refuseIfFinal(asSkepError(error.data));
    this.#retryLater();
  }

  #refuseIfFinal(error: SkepError | undefined): void {
    if (!error || !finalCodes.has(error.code)) return;
    this.#refusal ??= error;
    this.#socket.disconnect();
    this.#wake();
  }

  /** Tries again, later each time: all the clients of a queen that comes back must not come in one moment. */
  #retryLater(): void {
    if (this.#refusal || this.#socket.connected || this.#retry !== undefined) return;
    const delayMs = Math.min(RECONNECT_MAX_MS, RECONNECT_MIN_MS * 2 ** this.#tries) * (0.5 + Math.random());
    this.#tries += 1;
    this.#retryAt = Date.now() + delayMs;
    this.#retry = setTimeout(() => {
      this.#stopRetry();
      this.#socket.connect();
    }, delayMs);
  }

  #stopRetry(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#retryAt = undefined;
  }

  #unreachable(deadline: Deadline): SkepError {
    const within = `No queen answers at ${this.#url} (tried for ${durationWords(deadline.ms)})`;
    return new SkepError('QUEEN_UNREACHABLE', within, { cause: this.#lastError });
  }

  #wake(): void {
    for (const wake of [...this.#waiters]) wake();
  }

  /** Resolved when the connection changes, after so many ms, or when the signal is aborted. */
  #change(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(end);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      // Socket.IO and browsers take at most 2^31 - 1.
      const timer = setTimeout(end, Math.min(ms, 2 ** 31 - 1));
      this.#waiters.add(end);
      signal?.addEventListener('abort', end);
    });
  }
}
