import { createHash } from 'node:crypto';
import { type AssignedJob, CHUNK_BYTES } from '@skep/protocol';
import { io, type Socket } from 'socket.io-client';
import { until } from '../../helpers/until.js';
import { connected } from './connected.js';

/** Frames that may be unconfirmed. */
const WINDOW = 16;
const LINE = `${'all work and no play makes a long log '.repeat(3)}\n`;
const CHUNK = Buffer.from(LINE.repeat(Math.floor(CHUNK_BYTES / LINE.length)));

/** A drone in the packed form, whose only command prints a given number of bytes as fast as the queen takes them. */
export class PrintingDrone implements AsyncDisposable {
  readonly #jobs: AssignedJob[] = [];

  private constructor(private readonly socket: Socket) {
    socket.on('queue:new', (job: AssignedJob) => this.#jobs.push(job));
  }

  static async connect(url: string): Promise<PrintingDrone> {
    const socket = io(`${url}/drone`, { transports: ['websocket'], forceNew: true, auth: { protocol: 1, id: 'printer', session: 's' } });
    await connected(socket);
    const drone = new PrintingDrone(socket);
    await socket.emitWithAck('drone:info', { speed: 1, capacity: 1 });
    await socket.emitWithAck('drone:resume', { attempts: [] });
    return drone;
  }

  /** Takes the next job and prints at least so much. @returns how much it was, and its SHA-256 */
  async print(least: number): Promise<{ bytes: number; sha256: string }> {
    const { id, attempt, lease } = await until(() => this.#jobs.shift(), 'a job comes');
    const hash = createHash('sha256');
    let seq = 0;
    let confirmed: Promise<unknown>[] = [];
    const say = (events: unknown[], end?: object): void => {
      confirmed.push(this.#confirmed({ id, attempt, lease, seq, events, ...(end && { end }) }));
      seq += events.length;
    };
    say([
      [0, 'job:started', 0],
      [0, 'job:cmd:start', 0, 'print'],
    ]);
    const chunks = Math.ceil(least / CHUNK.length);
    for (let count = 0; count < chunks; count++) {
      hash.update(CHUNK);
      say([[count, 'job:cmd:stdout', 0, CHUNK]]);
      if (confirmed.length < WINDOW) continue;
      await Promise.all(confirmed);
      confirmed = [];
    }
    const sha256 = hash.digest('hex');
    say(
      [
        [chunks, 'job:cmd:done', 0, 0],
        [chunks, 'job:done', 0],
      ],
      { events: seq + 2, sha256 },
    );
    await Promise.all(confirmed);
    return { bytes: chunks * CHUNK.length, sha256 };
  }

  async #confirmed(frame: object): Promise<void> {
    const answer = (await this.socket.emitWithAck('job:events', frame)) as { cursor?: number };
    if (answer.cursor === undefined) throw new Error(`A frame was not taken: ${JSON.stringify(answer)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.disconnect();
  }
}
