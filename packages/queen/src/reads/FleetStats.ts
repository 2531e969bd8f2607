import type { DroneState, DroneSummary, Outcome, Stats, Waits } from '@skep/protocol';
import { type EndTally, type Store, waitOfClass } from '@skep/store';
import type { DroneDesk, JobDesk } from '../ports.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** What is read from the store at once; what a span that is over holds is kept, and read only once. */
const SLICE_MS = 5 * MINUTE_MS;
/** The longest span that may be asked for. */
const SLICES_KEPT = (168 * HOUR_MS) / SLICE_MS + 48;
/** How long an answer is given again, in ms: many pages may ask at the same time. */
const KEPT_MS = 1000;

export interface FleetStatsOptions {
  store: Pick<Store, 'ended'>;
  desk: Pick<JobDesk, 'counts'> & Pick<DroneDesk, 'listDrones'>;
  now: () => number;
}

/** What became of jobs over a span, and what is going on now. */
export class FleetStats {
  readonly #options: FleetStatsOptions;
  /** By the number of the slice, those that are over. */
  readonly #slices = new Map<number, EndTally>();
  readonly #answers = new Map<number, { at: number; stats: Promise<Stats> }>();
  /** Counts the jobs whose end fell into a slice that was over. */
  #late = 0;

  constructor(options: FleetStatsOptions) {
    this.#options = options;
  }

  /** A job is over. Its end may lie back where its drone could not report it at once, or has another clock. */
  jobDone(finishedAt: number): void {
    const slice = Math.floor(finishedAt / SLICE_MS);
    if (slice >= Math.floor(this.#options.now() / SLICE_MS)) return;
    this.#slices.delete(slice);
    this.#late += 1;
  }

  /** Statistics over so many hours up to now. */
  of(hours: number): Promise<Stats> {
    const now = this.#options.now();
    const kept = this.#answers.get(hours);
    if (kept && now - kept.at < KEPT_MS) return kept.stats;
    const stats = this.#gather(hours, now);
    this.#answers.set(hours, { at: now, stats });
    stats.catch(() => this.#answers.delete(hours));
    return stats;
  }

  async #gather(hours: number, now: number): Promise<Stats> {
    const bucketMs = bucketMsOf(hours);
    const from = Math.floor((now - hours * HOUR_MS) / bucketMs) * bucketMs;
    const buckets: { at: number; tally: EndTally }[] = [];
    for (let at = from; at <= now; at += bucketMs) {
      const slices: EndTally[] = [];
      for (let slice = at / SLICE_MS; slice < (at + bucketMs) / SLICE_MS && slice * SLICE_MS <= now; slice++)
        slices.push(await this.#slice(slice, now));
      buckets.push({ at, tally: sumOf(slices) });
    }
    return {
      from,
      to: now,
      bucketMs,
      ...doneOf(sumOf(buckets.map(({ tally }) => tally))),
      buckets: buckets.map(({ at, tally }) => ({ at, ...doneOf(tally) })),
      now: this.#now(),
    };
  }

  async #slice(slice: number, now: number): Promise<EndTally> {
    const kept = this.#slices.get(slice);
    if (kept) return kept;
    const late = this.#late;
    const tally = await this.#options.store.ended(slice * SLICE_MS, (slice + 1) * SLICE_MS);
    if (slice < Math.floor(now / SLICE_MS) && late === this.#late) this.#keep(slice, tally);
    return tally;
  }

  #keep(slice: number, tally: EndTally): void {
    this.#slices.set(slice, tally);
    if (this.#slices.size <= SLICES_KEPT) return;
    for (const each of this.#slices.keys()) if (each < slice - SLICES_KEPT) this.#slices.delete(each);
  }

  #now(): Stats['now'] {
    const { desk } = this.#options;
    const { queued, assigned, running } = desk.counts();
    const drones = desk.listDrones();
    return { queued, running: assigned + running, drones: byState(drones), slots: slotsOf(drones) };
  }
}

/** Some tens of buckets, whatever the span. */
function bucketMsOf(hours: number): number {
  if (hours <= 2) return SLICE_MS;
  return hours <= 24 ? HOUR_MS / 2 : 4 * HOUR_MS;
}

function byState(drones: readonly DroneSummary[]): Stats['now']['drones'] {
  const counts: Partial<Record<DroneState, number>> = {};
  for (const { state } of drones) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

function slotsOf(drones: readonly DroneSummary[]): Stats['now']['slots'] {
  const connected = drones.filter(({ connectedAt }) => connectedAt !== null);
  return {
    taken: connected.reduce((sum, { running }) => sum + running.length, 0),
    capacity: connected.reduce((sum, { capacity }) => sum + capacity, 0),
  };
}

function sumOf(tallies: readonly EndTally[]): EndTally {
  const sum: EndTally = { outcomes: {}, waits: {} };
  for (const { outcomes, waits } of tallies) {
    for (const [outcome, jobs] of Object.entries(outcomes) as [Outcome, number][])
      sum.outcomes[outcome] = (sum.outcomes[outcome] ?? 0) + jobs;
    for (const [wait, jobs] of Object.entries(waits)) sum.waits[Number(wait)] = (sum.waits[Number(wait)] ?? 0) + jobs;
  }
  return sum;
}

const doneOf = ({ outcomes, waits }: EndTally): { outcomes: EndTally['outcomes']; waits: Waits | null } => ({
  outcomes,
  waits: waitsOf(waits),
});

function waitsOf(waits: EndTally['waits']): Waits | null {
  const classes = Object.entries(waits).map(([wait, jobs]): [number, number] => [Number(wait), jobs]);
  const jobs = classes.reduce((sum, [, count]) => sum + count, 0);
  if (jobs === 0) return null;
  classes.sort(([a], [b]) => a - b);
  /** The wait that so large a share of the jobs did not exceed. */
  const at = (share: number): number => {
    let seen = 0;
    for (const [wait, count] of classes) {
      seen += count;
      if (seen >= share * jobs) return waitOfClass(wait);
    }
    return 0;
  };
  return { jobs, p50: at(0.5), p95: at(0.95) };
}
