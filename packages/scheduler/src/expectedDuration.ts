import { type Spread, spreadOf } from './spread.js';

/** A run that passed. */
export interface PastRun {
  durationMs: number;
  droneId: string;
  /** The drone's speed by then. */
  speed: number;
}

/** How long a run will take, in ms, and how many past runs say so. */
export interface ExpectedDuration extends Spread {
  runs: number;
}

/** Fewer runs say too little: of three, half of all new ones lie between the shortest and the longest. */
const LEAST_RUNS = 3;
/** Older runs are left out, since jobs change: of twenty, the spread still holds four in five of the new ones. */
const NEWEST_RUNS = 20;
/** How much less one way of reading the past must scatter than the other before that one is dropped. */
const CLEARLY = 2;

/**
 * How long a run of a job will take on a drone, by past runs of the same job, the newest first.
 *
 * Runs on this very drone are taken as they were. Where it has too few, those on other drones are read in two ways: the
 * time stays the same (a job that waits for something), or the work does, time x speed (a job that computes). A way is
 * dropped only if the past itself scatters at least twice as much by it as by the other; else both are allowed for, and
 * the spread is as wide as the two together.
 * @param drone the one that runs it; absent where that is not known: then all runs are taken as they were
 * @param elapsedMs how long it has run by now: only runs that took longer can say how this one will end
 * @returns undefined if too little is known, or if it has run longer already than nine in ten that came before
 */
export function expectedDuration(
  runs: readonly PastRun[],
  drone?: { id: string; speed: number },
  elapsedMs = 0,
): ExpectedDuration | undefined {
  const readings = readingsOf(runs, drone);
  const count = readings[0]?.length ?? 0;
  if (count < LEAST_RUNS) return undefined;
  const spreads = readings
    .map((times) => times.filter((time) => time > elapsedMs))
    .filter((longer) => longer.length > 0 && longer.length * 10 >= count)
    .map(spreadOf);
  if (spreads.length === 0) return undefined;
  return {
    runs: count,
    low: Math.round(Math.min(...spreads.map(({ low }) => low))),
    likely: Math.round(spreads.reduce((product, { likely }) => product * likely, 1) ** (1 / spreads.length)),
    high: Math.round(Math.max(...spreads.map(({ high }) => high))),
  };
}

/** The times that past runs would take on this drone, by each way of reading them that the past allows. */
function readingsOf(runs: readonly PastRun[], drone: { id: string; speed: number } | undefined): number[][] {
  const own = runs.filter(({ droneId }) => droneId === drone?.id).slice(0, NEWEST_RUNS);
  if (own.length >= LEAST_RUNS) return [timesOf(own)];
  const newest = runs.slice(0, NEWEST_RUNS);
  const sameTime = timesOf(newest);
  if (!drone) return [sameTime];
  const sameWork = newest.map(({ durationMs, speed }) => (durationMs * speed) / drone.speed);
  const [byTime, byWork] = [scatterOf(sameTime), scatterOf(sameWork)];
  if (byTime >= CLEARLY * byWork && byTime > 0) return [sameWork];
  if (byWork >= CLEARLY * byTime && byWork > 0) return [sameTime];
  return [sameTime, sameWork];
}

const timesOf = (runs: readonly PastRun[]): number[] => runs.map(({ durationMs }) => durationMs);

/** How far times lie from their middle, as a ratio: the mean distance of their logarithms. */
function scatterOf(times: readonly number[]): number {
  const logs = times.map((time) => Math.log(Math.max(1, time)));
  const middle = logs.length === 0 ? 0 : spreadOf(logs).likely;
  return logs.reduce((sum, log) => sum + Math.abs(log - middle), 0) / Math.max(1, logs.length);
}
