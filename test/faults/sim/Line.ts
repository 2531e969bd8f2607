import type { VirtualTime } from './VirtualTime.js';

export type Side = 'queen' | 'peer';
export type Answer = (answer: unknown) => void;

/** One end of a line: what is done with what arrives there. */
export interface End {
  hear(name: string, args: unknown[], answer: Answer): void;
  /** Told once, when this end notices that the line is gone; `clean` if the other took its leave. */
  gone(why: string, clean: boolean): void;
}

/** How long a message is on its way, in ms. */
export type Latency = () => number;

/** A peer that is silent is given up between these, in ms: a ping every 5 s, which may take 8 s. */
const [SOONEST_MS, LATEST_MS] = [8000, 13_000];

const nobody: End = { hear: () => undefined, gone: () => undefined };

const other = (side: Side): Side => (side === 'queen' ? 'peer' : 'queen');

/** A connection between a queen and somebody else: messages arrive in order, each once, until it breaks. */
export class Line {
  readonly #ends: Record<Side, { end: End | undefined; pipe: Pipe; giveUp: (() => void) | undefined }>;
  readonly #onAnswer = new Map<number, Answer>();
  #answers = 0;

  constructor(
    readonly id: string,
    private readonly time: VirtualTime,
    latency: Latency,
    private readonly random: () => number,
  ) {
    const side = () => ({ end: nobody, pipe: new Pipe(time, latency), giveUp: undefined });
    this.#ends = { queen: side(), peer: side() };
  }

  /** From now on this end is dealt with so. */
  attach(side: Side, end: End): void {
    if (!this.isOpen(side)) return;
    this.#ends[side].end = end;
  }

  isOpen(side: Side): boolean {
    return this.#ends[side].end !== undefined;
  }

  /** @param answered never called once this end is gone */
  send(from: Side, name: string, args: unknown[], answered?: Answer): void {
    if (!this.isOpen(from)) return;
    const number = answered && ++this.#answers;
    if (number !== undefined) this.#onAnswer.set(number, answered as Answer);
    const to = other(from);
    const answer: Answer = (value) => {
      if (number === undefined || !this.isOpen(to)) return;
      this.#ends[from].pipe.send(() => this.#answered(from, number, value));
    };
    this.#ends[to].pipe.send(() => this.#ends[to].end?.hear(name, args, answer));
  }

  /** This end goes: at once for itself; for the other when it hears of it. */
  close(side: Side, why: string, clean = false): void {
    if (!this.isOpen(side)) return;
    this.#goneAt(side, why, false);
    const far = this.#ends[other(side)];
    far.pipe.send(() => this.#goneAt(other(side), why, clean));
  }

  /** The line breaks: what is on its way is lost, and each end notices in its own time. */
  cut(why = 'cut', latestMs = 200): void {
    for (const side of ['queen', 'peer'] as const) {
      this.#ends[side].pipe.break();
      this.time.after(this.random() * latestMs, () => this.#goneAt(side, why, false));
    }
  }

  /** Nothing arrives on this side until it is released; whoever misses its pings gives up. */
  hold(to: Side): void {
    this.#ends[to].pipe.held = true;
    // Without the ping there is no answer to it: the queen misses both.
    for (const side of to === 'queen' ? (['queen'] as const) : (['queen', 'peer'] as const)) {
      const ms = SOONEST_MS + this.random() * (LATEST_MS - SOONEST_MS);
      this.#ends[side].giveUp ??= this.time.after(ms, () => this.close(side, 'ping timeout'));
    }
  }

  release(): void {
    for (const { pipe, giveUp } of Object.values(this.#ends)) {
      giveUp?.();
      pipe.release();
    }
    this.#ends.queen.giveUp = undefined;
    this.#ends.peer.giveUp = undefined;
  }

  get isHeld(): boolean {
    return this.#ends.queen.pipe.held || this.#ends.peer.pipe.held;
  }

  #answered(side: Side, number: number, value: unknown): void {
    const answered = this.#onAnswer.get(number);
    this.#onAnswer.delete(number);
    if (this.isOpen(side)) answered?.(value);
  }

  #goneAt(side: Side, why: string, clean: boolean): void {
    const at = this.#ends[side];
    const { end } = at;
    at.end = undefined;
    at.giveUp?.();
    end?.gone(why, clean);
  }
}

/** One direction of a line. */
class Pipe {
  held = false;
  #isBroken = false;
  #lastAt = 0;
  readonly #queue: { at: number; deliver: () => void }[] = [];

  constructor(
    private readonly time: VirtualTime,
    private readonly latency: Latency,
  ) {}

  send(deliver: () => void): void {
    if (this.#isBroken) return;
    this.#lastAt = Math.max(this.#lastAt, this.time.now + this.latency());
    this.#queue.push({ at: this.#lastAt, deliver });
    this.time.at(this.#lastAt, () => this.#deliver());
  }

  break(): void {
    this.#isBroken = true;
    this.#queue.length = 0;
  }

  release(): void {
    if (!this.held) return;
    this.held = false;
    for (const { at } of this.#queue) if (at <= this.time.now) this.time.after(0, () => this.#deliver());
  }

  #deliver(): void {
    if (this.held) return;
    if (this.#queue[0] && this.#queue[0].at <= this.time.now) this.#queue.shift()?.deliver();
  }
}
