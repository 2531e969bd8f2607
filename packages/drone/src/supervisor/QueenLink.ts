import { type DroneInfo, Gathering, type HeldAttempt, type JobFrame, PROTOCOL_VERSION, type Spoken, sayMany } from '@skep/protocol';
import { io, type Socket } from 'socket.io-client';
import { backoffMs } from './backoff.js';
import type { Clock } from './Clock.js';
import { finalError, hearQueen, queenNames } from './hearQueen.js';
import type { Link, LinkListener } from './Link.js';
import { QueenSocket } from './QueenSocket.js';

/** Milliseconds that making a connection may take, ... */
const CONNECT_MS = 10_000;
/** ... and with it the queen's word that the drone may come in. */
const WELCOME_MS = 15_000;

export interface QueenLinkOptions {
  /** The queen's address, such as `http://127.0.0.1:7874` or `https://ci.example.org/skep`. */
  readonly url: string;
  readonly id: string;
  /** New at every start of the drone. */
  readonly session: string;
  readonly token?: string | undefined;
  readonly clock: Clock;
}

/**
 * The connection to a queen over socket.io, made again for as long as it takes. A queen that is frozen or gone without a
 * word is known by its pings, which socket.io watches: without one for as long as the queen said (13 s in all), the
 * connection is given up.
 */
export class QueenLink implements Link {
  readonly #socket: Socket;
  readonly #clock: Clock;
  /** Frames of this turn. */
  readonly #frames = new Gathering(
    (frames) => this.#sendFrames(frames),
    (call) => process.nextTick(call),
  );
  /** Whether this queen takes several messages in one. */
  #takesMany = false;
  #tries = 0;
  #closed = false;
  #cancelRetry: (() => void) | undefined;
  #cancelWelcome: (() => void) | undefined;

  constructor({ url, id, session, token, clock }: QueenLinkOptions) {
    this.#clock = clock;
    const { origin, pathname } = new URL(url);
    this.#socket = io(`${origin}/drone`, {
      path: `${pathname.replace(/\/+$/, '')}/socket.io/`,
      transports: [QueenSocket],
      auth: { protocol: PROTOCOL_VERSION, id, session, many: true, ...(token !== undefined && { token }) },
      // We have a back-off of our own: socket.io's gives up when the queen itself says no.
      reconnection: false,
      autoConnect: false,
      forceNew: true,
      timeout: CONNECT_MS,
    });
  }

  open(listener: LinkListener): void {
    const socket = this.#socket;
    socket.on('connect', () => {
      this.#cancelWelcome?.();
      this.#tries = 0;
      listener.connected();
    });
    socket.on('disconnect', (why) => {
      this.#takesMany = false;
      this.#frames.clear();
      listener.disconnected(why);
      this.#retry();
    });
    socket.on('connect_error', (error) => {
      const final = finalError((error as { data?: unknown }).data);
      if (final) listener.refused(final);
      else {
        listener.disconnected(error.message);
        this.#retry();
      }
    });
    for (const name of queenNames) socket.on(name, (...args: unknown[]) => hearQueen(listener, name, args));
    socket.on('many', () => {
      this.#takesMany = true;
    });
    this.#connect();
  }

  info(info: DroneInfo): void {
    if (this.#socket.connected) this.#socket.emit('drone:info', info);
  }

  resume(attempts: readonly HeldAttempt[], answered: (answer: unknown) => void): void {
    if (this.#socket.connected) this.#socket.emit('drone:resume', { attempts }, answered);
  }

  frame(frame: JobFrame, answered: (answer: unknown) => void): void {
    if (this.#socket.connected) this.#frames.add({ name: 'job:events', args: [frame], answered });
  }

  drop(): void {
    // Not socket.disconnect(): a queen that does not answer would not read our goodbye either.
    this.#socket.io.engine?.close();
  }

  close(): void {
    this.#closed = true;
    this.#cancelRetry?.();
    this.#cancelWelcome?.();
    this.#frames.clear();
    this.#socket.removeAllListeners();
    this.#socket.disconnect();
  }

  #sendFrames(frames: readonly Spoken[]): void {
    const emit = ({ name, args, answered }: Spoken): unknown => this.#socket.emit(name, ...args, answered);
    if (this.#takesMany) sayMany(frames, emit);
    else for (const frame of frames) emit(frame);
  }

  #connect(): void {
    this.#cancelWelcome = this.#clock.setTimeout(() => this.drop(), WELCOME_MS);
    this.#socket.connect();
  }

  #retry(): void {
    if (this.#closed) return;
    this.#cancelWelcome?.();
    this.#cancelRetry?.();
    this.#cancelRetry = this.#clock.setTimeout(() => this.#connect(), backoffMs(this.#tries));
    this.#tries += 1;
  }
}
