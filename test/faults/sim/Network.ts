import { Line, type Side } from './Line.js';
import type { World } from './World.js';

/** How long making a connection may take, in ms. */
const CONNECT_MS = 10_000;

export interface Connecting {
  connected(line: Line): void;
  failed(why: string): void;
}

/** All lines between the queen and the others, and what keeps them from working. */
export class Network {
  readonly #open = new Map<Line, string>();
  readonly #held = new Map<string, readonly Side[]>();
  #lines = 0;

  constructor(
    private readonly world: World,
    /** How long a message is on its way, in ms. */
    readonly latency: () => number,
  ) {}

  /** Somebody dials the queen. */
  connect(who: string, greeting: unknown, { connected, failed }: Connecting): void {
    const { time, trace, chance } = this.world;
    if (this.#held.has(who)) return void time.after(CONNECT_MS, () => failed('timeout'));
    time.after(this.latency(), () => {
      const { queen } = this.world;
      if (!queen?.isListening || this.#held.has(who)) return void time.after(this.latency(), () => failed('connection refused'));
      this.#lines += 1;
      const line = new Line(`line-${this.#lines}`, time, this.latency, chance.next);
      this.#open.set(line, who);
      trace.note(who, 'connects by', line.id);
      // The peer hears that it is connected before anything else.
      line.attach('peer', { hear: () => connected(line), gone: (why) => failed(why) });
      line.send('queen', 'connect', []);
      try {
        queen.welcome(line, greeting);
      } catch (error) {
        this.world.fail(`a greeting was refused: ${error}`);
      }
    });
  }

  /** Breaks somebody's connections. */
  cut(who: string): void {
    for (const line of this.#linesOf(who)) line.cut();
  }

  /** Lets nothing arrive on these sides, and nobody connect. */
  hold(who: string, sides: readonly Side[]): void {
    this.#held.set(who, sides);
    for (const line of this.#linesOf(who)) for (const side of sides) line.hold(side);
  }

  release(who: string): void {
    this.#held.delete(who);
    for (const line of this.#linesOf(who)) line.release();
  }

  #linesOf(who: string): Line[] {
    for (const line of this.#open.keys()) if (!line.isOpen('queen') && !line.isOpen('peer')) this.#open.delete(line);
    return [...this.#open].filter(([, owner]) => owner === who).map(([line]) => line);
  }
}
