import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type DroneGreeting,
  type DroneInfo,
  type HeldAttempt,
  JobFrame,
  type PackedEvent,
  parseAs,
  type ResumeVerdict,
} from '@skep/protocol';
import { Server, type Socket } from 'socket.io';
import { outputIn, until } from './waiting.js';

/** All that the queen was told of one attempt. */
export class Received {
  events: PackedEvent[] = [];
  frames = 0;
  /** Events that came more than once; none of them was stored twice. */
  repeated = 0;
  end: JobFrame['end'];

  names(): string[] {
    return this.events.map(([, name]) => name);
  }

  output(): Buffer {
    return Buffer.concat(this.events.map(outputIn));
  }
}

export interface Behaviour {
  /** The answer to a frame in place of the usual one; `undefined`: the usual one; `null`: none at all. */
  onFrame?: (frame: JobFrame, received: Received) => object | null | undefined;
  verdict?: (held: HeldAttempt, received: Received | undefined) => ResumeVerdict;
  /** Whether it takes several messages in one. */
  many?: boolean;
  /** Called for each new connection; what it throws refuses it, 'never' leaves it without a word. */
  admit?: (auth: DroneGreeting) => 'never' | undefined;
}

/** A queen as far as a drone sees it, over real sockets: takes frames without gaps and repeats, and answers what it has. */
export class TestQueen {
  readonly received = new Map<string, Received>();
  readonly infos: DroneInfo[] = [];
  readonly greetings: DroneGreeting[] = [];
  readonly resumed: HeldAttempt[][] = [];
  /** How many messages came in each that held several. */
  readonly together: number[] = [];
  behaviour: Behaviour = {};
  socket: Socket | undefined;
  #io: Server | undefined;
  #port = 0;
  #lease = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<this> {
    const http = createServer();
    this.#io = new Server(http, { transports: ['websocket'], maxHttpBufferSize: 8 * 1024 * 1024 });
    this.#io.of('/drone').use((socket, next) => {
      try {
        if (this.behaviour.admit?.(socket.handshake.auth) !== 'never') next();
      } catch (error) {
        next(error as Error);
      }
    });
    this.#io.of('/drone').on('connection', (socket) => this.#connected(socket));
    await new Promise<void>((resolve) => http.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (http.address() as AddressInfo).port;
    return this;
  }

  /** Gone at once, with every connection; `start` brings it back at the same address with all that it had. */
  async stop(): Promise<void> {
    await this.#io?.close();
  }

  /** Gives the drone a job under a new lease. @returns what comes back of it */
  assign(job: { id: string; attempt?: number } & Record<string, unknown>): Received {
    const { attempt = 1 } = job;
    this.#lease += 1;
    this.socket?.emit('queue:new', { ...job, job_id: job.id, attempt, lease: this.#lease, assigned: Date.now() });
    return this.of(job.id, attempt);
  }

  of(id: string, attempt = 1): Received {
    const key = `${id} ${attempt}`;
    const received = this.received.get(key) ?? new Received();
    this.received.set(key, received);
    return received;
  }

  async ended(received: Received): Promise<Received> {
    await until(
      () => received.end !== undefined,
      () => `the end of the attempt; so far ${received.events.length} events, lately ${received.names().slice(-10).join(' ')}`,
    );
    return received;
  }

  #connected(socket: Socket): void {
    this.socket = socket;
    this.greetings.push(socket.handshake.auth);
    if (this.behaviour.many) socket.emit('many', []);
    socket.on('many', (messages: [string, unknown][], answer: (answers: unknown[]) => void) => {
      this.together.push(messages.length);
      answer(messages.map(([, raw]) => this.#frame(raw)));
    });
    socket.on('drone:info', (info: DroneInfo) => this.infos.push(info));
    socket.on('drone:resume', ({ attempts }: { attempts: HeldAttempt[] }, answer: (answer: object) => void) => {
      this.resumed.push(attempts);
      const verdict =
        this.behaviour.verdict ?? ((held, received) => ({ ...held, action: 'continue', cursor: received?.events.length ?? 0 }));
      answer({ attempts: attempts.map((held) => verdict(held, this.received.get(`${held.id} ${held.attempt}`))) });
    });
    socket.on('job:events', (raw: unknown, answer: (answer: object) => void) => {
      const answered = this.#frame(raw);
      if (answered !== null) answer(answered);
    });
  }

  #frame(raw: unknown): object | null {
    const frame = parseAs(JobFrame, raw, 'frame');
    const received = this.of(frame.id, frame.attempt);
    const special = this.behaviour.onFrame?.(frame, received);
    return special === undefined ? take(frame, received) : special;
  }
}

/** As a queen does: drops what it has, refuses what lies beyond. */
function take(frame: JobFrame, received: Received): object {
  const { length } = received.events;
  if (frame.seq > length) return { error: { code: 'SEQ_GAP', message: `wanted ${length}, got ${frame.seq}` } };
  received.frames += 1;
  received.repeated += Math.min(frame.events.length, length - frame.seq);
  received.events.push(...frame.events.slice(length - frame.seq));
  if (frame.end) received.end = frame.end;
  return { cursor: received.events.length };
}
