import { type DroneInfo, Gathering, type HeldAttempt, type JobFrame, PROTOCOL_VERSION, type Spoken, sayMany } from '@skep/protocol';
import { backoffMs } from '../../../packages/drone/src/supervisor/backoff.js';
import { hearQueen } from '../../../packages/drone/src/supervisor/hearQueen.js';
import type { Link, LinkListener } from '../../../packages/drone/src/supervisor/Link.js';
import type { Answer, Line } from './Line.js';
import type { World } from './World.js';

/** A packed drone's connection, as QueenLink makes it, over simulated lines. */
export class SimLink implements Link {
  #line: Line | undefined;
  /** Frames of one turn, which may be a long one. */
  readonly #frames = new Gathering(
    (frames) => sayMany(frames, (message) => this.#send(message)),
    (call) => this.world.soon(call),
  );
  #listener: LinkListener | undefined;
  #tries = 0;
  #isClosed = false;

  constructor(
    private readonly world: World,
    private readonly id: string,
    private readonly session: string,
  ) {}

  get isConnected(): boolean {
    return this.#line?.isOpen('queen') === true && this.#line.isOpen('peer');
  }

  open(listener: LinkListener): void {
    this.#listener = listener;
    this.#connect();
  }

  info(info: DroneInfo): void {
    this.#line?.send('peer', 'drone:info', [info]);
  }

  resume(attempts: readonly HeldAttempt[], answered: Answer): void {
    this.#line?.send('peer', 'drone:resume', [{ attempts }], answered);
  }

  frame(frame: JobFrame, answered: Answer): void {
    const { chance, repeats, time } = this.world;
    if (this.#line) this.#frames.add({ name: 'job:events', args: [frame], answered });
    if (repeats === 0 || !chance.is(repeats)) return;
    // At once, or long after, when its attempt may be over and another may have begun.
    const again = (): void => this.#line?.send('peer', 'job:events', [frame], () => undefined);
    if (chance.is(0.5)) again();
    else time.after(chance.spread(1, 120_000), again);
  }

  drop(why: string): void {
    this.#line?.close('peer', why);
    this.#gone(why);
  }

  close(): void {
    this.#isClosed = true;
    this.#frames.clear();
    this.#line?.close('peer', 'client namespace disconnect', true);
    this.#line = undefined;
  }

  /** The supervisor is killed: the line goes without a word. */
  kill(): void {
    this.#isClosed = true;
    this.#frames.clear();
    this.#line?.cut('the drone was killed');
    this.#line = undefined;
  }

  #connect(): void {
    const auth = { protocol: PROTOCOL_VERSION, id: this.id, session: this.session };
    this.world.network.connect(this.id, auth, {
      connected: (line) => {
        if (this.#isClosed) return line.close('peer', 'client namespace disconnect', true);
        this.#line = line;
        this.#tries = 0;
        line.attach('peer', { hear: (name, args) => this.#hear(name, args), gone: (why) => this.#gone(why) });
        this.#listener?.connected();
      },
      failed: (why) => {
        if (this.#isClosed) return;
        this.#listener?.disconnected(why);
        this.#retry();
      },
    });
  }

  #send({ name, args, answered }: Spoken): void {
    this.#line?.send('peer', name, [...args], answered);
  }

  #hear(name: string, args: unknown[]): void {
    if (!this.#isClosed && this.#listener) hearQueen(this.#listener, name, args);
  }

  #gone(why: string): void {
    if (this.#isClosed || !this.#line) return;
    this.#line = undefined;
    this.#frames.clear();
    this.#listener?.disconnected(why);
    this.#retry();
  }

  #retry(): void {
    this.world.time.after(backoffMs(this.#tries), () => {
      if (!this.#isClosed) this.#connect();
    });
    this.#tries += 1;
  }
}
