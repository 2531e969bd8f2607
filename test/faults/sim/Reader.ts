import type { WatchFrame } from '@skep/protocol';
import { Watch } from '../../../packages/queen/src/gateway/Watch.js';
import { summaryOf } from '../../../packages/queen/src/reads/summaryOf.js';
import type { World } from './World.js';

/** How long it waits before it begins again, in ms. */
const RETRY_MS = 700;

/** Follows a job by cursor through cuts and restarts of the queen: sees every event once, in order. */
export class Reader {
  isDone = false;
  #cursor = 0;
  #watch: Watch | undefined;
  /** Counts its connections: what is on its way when one breaks is lost. */
  #connection = 0;

  constructor(
    private readonly world: World,
    private readonly jobId: string,
  ) {
    void this.#begin();
  }

  /** Its connection breaks. */
  cut(): void {
    this.#connection += 1;
    this.#watch?.stop();
    this.#watch = undefined;
    this.#again();
  }

  async #begin(): Promise<void> {
    const { queen, time, network } = this.world;
    const connection = ++this.#connection;
    if (!queen?.isListening) return this.#again();
    const isSame = () => connection === this.#connection && queen.isAlive;
    queen.onDeath(() => {
      if (connection === this.#connection) this.cut();
    });
    // In order, as on a socket.
    let arrivesAt = 0;
    const arrives = (call: () => void): void => {
      arrivesAt = Math.max(arrivesAt, time.now + network.latency());
      time.at(arrivesAt, () => {
        if (isSame()) call();
      });
    };
    const emit = (event: string, ...args: unknown[]): boolean => {
      arrives(() => {
        if (event === 'job:frame') this.#take(args[0] as WatchFrame);
        // The answer takes its time too.
        time.after(network.latency(), () => isSame() && (args[1] as () => void)());
      });
      return true;
    };
    const outlet = {
      isFull: false,
      free: async () => undefined,
      emit: (_: number, event: string, ...args: unknown[]) =>
        arrives(() => {
          if (event === 'job:summary') this.#hear(args[1] as { status: string; cursor: number });
        }),
    };
    const watch = new Watch({
      socket: { emit } as never,
      outlet,
      jobId: this.jobId,
      cursor: this.#cursor,
      frames: true,
      store: queen.store,
      recent: queen.recent,
      hub: queen.hub,
      onEnd: (error) => {
        if (error !== undefined && isSame()) this.cut();
      },
    });
    this.#watch = watch;
    const told = queen.coordinator.told(this.jobId) ?? queen.recent.done(this.jobId);
    if (told) return watch.begin(told);
    const record = await queen.store.job(this.jobId);
    if (!isSame()) return;
    if (!record) {
      watch.stop();
      return this.#again();
    }
    watch.begin(summaryOf(record, null));
  }

  #take({ cursor, events }: WatchFrame): void {
    if (cursor !== this.#cursor) this.world.fail(`a reader of ${this.jobId} at ${this.#cursor} was sent a frame from ${cursor} on`);
    for (const [, name] of events) this.world.checkRead(this.jobId, this.#cursor++, name);
  }

  #hear({ status, cursor }: { status: string; cursor: number }): void {
    if (this.#cursor < cursor)
      this.world.fail(`a reader of ${this.jobId} at ${this.#cursor} was told of ${cursor} before it had the events`);
    if (status !== 'done') return;
    this.isDone = true;
    this.#connection += 1;
  }

  #again(): void {
    if (this.isDone) return;
    this.#connection += 1;
    const connection = this.#connection;
    this.world.time.after(RETRY_MS, () => {
      if (connection === this.#connection) void this.#begin();
    });
  }
}
