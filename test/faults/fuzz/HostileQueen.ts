import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HeldAttempt, JobFrame } from '@skep/protocol';
import { Server, type Socket } from 'socket.io';
import { until } from '../../helpers/until.js';
import type { DroneMessages } from './droneMessages.js';
import type { Random } from './Random.js';

/** Socket.IO's own way out for what is a packet already. */
interface Engine {
  send(packet: string | Uint8Array): void;
}

type Answer = (answer: object) => void;

/** The number of the question that each answer belongs to, which Socket.IO keeps to itself. */
const numbers = new WeakMap<Answer, number>();

function keepNumbers(socket: Socket): void {
  const makeAnswer = Reflect.get(socket, 'ack') as (this: Socket, number: number) => Answer;
  Reflect.set(socket, 'ack', (number: number): Answer => {
    const answer = makeAnswer.call(socket, number);
    numbers.set(answer, number);
    return answer;
  });
}

/** A queen as far as a drone sees it, that says and answers what messages are made of; when it is told, it is a good one. */
export class HostileQueen implements AsyncDisposable {
  isHostile = false;
  readonly frames: JobFrame[] = [];
  /** How often a drone was told what becomes of its attempts. */
  resumes = 0;
  #socket: Socket | undefined;

  private constructor(
    private readonly io: Server,
    readonly url: string,
    private readonly messages: DroneMessages,
    private readonly random: Random,
  ) {
    io.of('/drone').on('connection', (socket) => this.#connected(socket));
  }

  static async start(messages: DroneMessages, random: Random): Promise<HostileQueen> {
    const http = createServer();
    const io = new Server(http, { transports: ['websocket'] });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return new HostileQueen(io, `http://127.0.0.1:${(http.address() as AddressInfo).port}`, messages, random);
  }

  /** Says so many messages, on as many connections as it takes. */
  async speak(count: number): Promise<void> {
    for (let said = 0; said < count; said++) {
      const socket = await until(() => this.#socket?.connected && this.#socket, 'the drone is there');
      const { json, attachments } = this.messages.next(this.random);
      write(socket, `${attachments.length > 0 ? `5${attachments.length}-` : '2'}/drone,${json}`);
      for (const bytes of attachments) (socket.conn as Engine).send(bytes);
      // Acks to what was never asked.
      if (this.random.chance(0.01)) write(socket, `3/drone,${this.random.below(1e6)}${this.messages.answer('job:events', this.random)}`);
      // No faster than the drone reads.
      if (said % 100 === 0) await heard(socket);
    }
  }

  /** Ends the connection, so that the drone comes back and asks again. */
  cut(): void {
    this.#socket?.conn.close();
  }

  assign(job: object): void {
    this.#socket?.emit('queue:new', job);
  }

  #connected(socket: Socket): void {
    this.#socket = socket;
    keepNumbers(socket);
    socket.on('drone:resume', ({ attempts }: { attempts: HeldAttempt[] }, answer: Answer) => {
      this.resumes += 1;
      if (this.isHostile && this.random.chance(0.25)) {
        this.#answerBadly(socket, 'drone:resume', answer);
        return;
      }
      answer({ attempts: attempts.map(({ id, attempt }) => ({ id, attempt, action: 'stop', reason: 'nobody wants it' })) });
    });
    socket.on('job:events', (raw: unknown, answer: Answer) => {
      const frame = JobFrame.parse(raw);
      if (!this.isHostile) this.frames.push(frame);
      if (this.isHostile && this.random.chance(0.3)) this.#answerBadly(socket, 'job:events', answer);
      else answer({ cursor: frame.seq + frame.events.length });
    });
  }

  #answerBadly(socket: Socket, event: 'job:events' | 'drone:resume', answer: Answer): void {
    write(socket, `3/drone,${numbers.get(answer)}${this.messages.answer(event, this.random)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.io.close();
  }
}

const write = (socket: Socket, packet: string): void => (socket.conn as Engine).send(packet);

/** Resolved when the drone has answered a question, or is gone. */
async function heard(socket: Socket): Promise<void> {
  const over = new AbortController();
  const answered = [once(socket, 'drone:info', { signal: over.signal }), once(socket, 'disconnect', { signal: over.signal })];
  for (const each of answered) each.catch(() => undefined);
  write(socket, '2/drone,["drone:query-info"]');
  if (socket.connected) await Promise.race(answered);
  over.abort();
}
