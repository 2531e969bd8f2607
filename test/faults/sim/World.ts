import { type Change, StoreMemory } from '@skep/store';
import type { Chance } from './Chance.js';
import { Checks } from './Checks.js';
import { Ledger } from './Ledger.js';
import { Network } from './Network.js';
import { SimQueen } from './SimQueen.js';
import type { Disk } from './SimStore.js';
import { Trace } from './Trace.js';
import { VirtualTime } from './VirtualTime.js';

/** An instant to count from, as Unix ms. */
const EPOCH = 1_790_000_000_000;

/** What differs from run to run beside what happens. */
export interface Climate {
  readonly chance: Chance;
  /** How long a message, and a commit or read, take, in ms. */
  readonly latency: () => number;
  readonly diskLatency: () => number;
  readonly lostAfterMs: number;
  /** How often a frame comes twice. */
  readonly repeats: number;
}

/** All that a simulation shares: time, chance, the network, the disk, what is true, and what was found wrong. */
export class World {
  readonly time = new VirtualTime();
  readonly trace = new Trace(() => this.time.now);
  readonly ledger = new Ledger();
  readonly checks = new Checks(this);
  readonly chance: Chance;
  readonly network: Network;
  readonly disk: Disk;
  readonly lostAfterMs: number;
  repeats: number;
  /** The queen that lives now, if one does. */
  queen: SimQueen | undefined;
  /** No more faults from here on. */
  isCalm = false;
  /** The first thing that was found wrong. */
  failure: string | undefined;
  readonly queenNow = (): number => EPOCH + Math.floor(this.time.now);

  constructor({ chance, latency, diskLatency, lostAfterMs, repeats }: Climate) {
    this.chance = chance;
    this.network = new Network(this, latency);
    this.lostAfterMs = lostAfterMs;
    this.repeats = repeats;
    this.disk = {
      memory: new StoreMemory(),
      latency: diskLatency,
      isFull: false,
      failures: 0,
      onWritten: (changes) => {
        this.trace.note('written:', describe(changes));
        this.checks.written(changes);
      },
      onRefused: (changes, error) => this.fail(`the store refused ${changes.map(({ type }) => type)}: ${error}`),
    };
  }

  fail(message: string): void {
    this.failure ??= message;
  }

  /** Calls when a turn of somebody's event loop is over, which is mostly at once, now and then after some work. */
  soon(call: () => void): void {
    this.time.after(this.chance.is(0.7) ? 0 : this.chance.spread(0.01, 5), call);
  }

  /** Starts a queen on the disk, unless one lives; one that cannot start is tried again, as its supervisor would. */
  startQueen(): void {
    if (this.queen?.isAlive) return;
    this.trace.note('a queen starts');
    const queen = new SimQueen(this);
    this.queen = queen;
    queen.start().catch((error: unknown) => {
      this.trace.note('the queen could not start', error);
      if (!queen.isAlive) return;
      queen.crash();
      this.time.after(1000, () => this.startQueen());
    });
  }

  /** Words for the trace, from who would write them to a log. */
  logOf(who: string): Record<'debug' | 'info' | 'warn' | 'error', (...words: unknown[]) => void> {
    const note = (...words: unknown[]): void => this.trace.note(`[${who}]`, ...words.reverse());
    return { debug: note, info: note, warn: note, error: note };
  }

  checkAcknowledged(id: string): void {
    if (!this.disk.memory.jobs.has(id)) this.fail(`job ${id} was acknowledged and is not in the store`);
  }

  /** A reader was given this event. */
  checkRead(jobId: string, cursor: number, name: string): void {
    let left = cursor;
    for (const { events } of this.disk.memory.jobs.get(jobId)?.attempts.values() ?? []) {
      if (left < events.length) {
        const stored = events[left];
        const expected = stored?.output ? `job:cmd:${stored.output.stream}` : stored?.name;
        if (expected !== name) this.fail(`a reader of ${jobId} was given ${name} at ${cursor}, where the store has ${expected}`);
        return;
      }
      left -= events.length;
    }
    this.fail(`a reader of ${jobId} was given ${name} at ${cursor}, where the store has nothing`);
  }
}

/** A commit in a few words: what goes without saying is left out. */
function describe(changes: readonly Change[]): string {
  const words = changes.map((change) => {
    switch (change.type) {
      case 'events':
        return `${change.events.length} events of ${change.jobId}`;
      case 'job':
        return `new ${change.record.id}`;
      case 'job-state':
        return `${change.id} ${change.state.status} to ${change.state.cursor}`;
      case 'attempt':
        return `${change.record.jobId} attempt ${change.record.attempt} lease ${change.record.lease} ${change.record.outcome ?? 'live'}`;
      default:
        return '';
    }
  });
  const isReport = changes[0]?.type === 'events';
  return words.filter((word) => word !== '' && !(isReport && word.endsWith('live'))).join(', ');
}
