import type { Spread } from './spread.js';

/** A drone, and when the attempts that it runs will end (Unix ms); undefined where that is unknown. */
export interface BusyDrone {
  id: string;
  speed: number;
  capacity: number;
  ends: readonly (Spread | undefined)[];
}

/** A job that waits: the drones that may run it, and how long it would take on each, in ms; undefined where that is unknown. */
export interface WaitingWork {
  drones: readonly string[];
  durationOn(droneId: string): Spread | undefined;
}

/** When a job will start and end (Unix ms), and on which drone. */
export interface ExpectedStart {
  drone: string;
  start: Spread;
  /** undefined where its own duration is unknown. */
  end: Spread | undefined;
}

type Point = keyof Spread;

/**
 * When a waiting job will start: the jobs are laid out in their order, each in the slot that is free first among the
 * drones that may run it. Done three times: as if all before it took as little time, as much as is likely, and as much
 * as may be. That all go short or all go long together is rare, so the spread is rather too wide than too narrow where
 * many jobs come before. What is unknown may end at once, and may never end: a start that hangs on it is unknown.
 * @param line what waits, in the order in which it goes, and last the job itself
 */
export function expectedStart(now: number, drones: readonly BusyDrone[], line: readonly WaitingWork[]): ExpectedStart | undefined {
  const [low, likely, high] = (['low', 'likely', 'high'] as const).map((point) => layOut(point, now, drones, line));
  if (!low || !likely || !high) return undefined;
  return {
    drone: likely.drone,
    start: inOrder(low.start, likely.start, high.start),
    end: low.end !== undefined && likely.end !== undefined && high.end !== undefined ? inOrder(low.end, likely.end, high.end) : undefined,
  };
}

/** More time for one job may send others elsewhere and start a later one sooner (Graham's anomaly), so the three are put in order. */
function inOrder(...points: [number, number, number]): Spread {
  const [low, likely, high] = points.sort((a, b) => a - b);
  return { low, likely, high } as Spread;
}

interface Slots {
  drone: BusyDrone;
  /** When each slot is free, the first first. */
  free: number[];
}

/** Where and when the last job of the line goes; undefined if that hangs on something unknown. */
function layOut(point: Point, now: number, drones: readonly BusyDrone[], line: readonly WaitingWork[]) {
  const unknown = point === 'low' ? 0 : Number.POSITIVE_INFINITY;
  const slots = new Map(drones.map((drone) => [drone.id, { drone, free: freeTimes(drone, now, point, unknown) }]));
  let last: { drone: string; start: number; end: number | undefined } | undefined;
  for (const work of line) {
    const best = firstFree(slots, work.drones);
    const start = best?.free.shift();
    if (!best || start === undefined || start === Number.POSITIVE_INFINITY) {
      // It waits for ever as far as is known, and takes no slot from those behind it.
      if (best && start !== undefined) best.free.unshift(start);
      last = undefined;
      continue;
    }
    const duration = work.durationOn(best.drone.id)?.[point];
    insert(best.free, start + (duration ?? unknown));
    last = { drone: best.drone.id, start, end: duration === undefined ? undefined : start + duration };
  }
  return last;
}

/** When each slot of a drone is free. A drone that runs more than it has slots for frees none until it runs fewer. */
function freeTimes({ capacity, ends }: BusyDrone, now: number, point: Point, unknown: number): number[] {
  const busy = ends.map((end) => Math.max(now, end?.[point] ?? now + unknown)).sort((a, b) => a - b);
  const idle = Array.from({ length: Math.max(0, capacity - busy.length) }, () => now);
  return [...idle, ...busy.slice(Math.max(0, busy.length - capacity))];
}

/** Of the drones that may run a job, the one whose slot is free first; among equals the fastest. */
function firstFree(slots: ReadonlyMap<string, Slots>, drones: readonly string[]): Slots | undefined {
  let best: Slots | undefined;
  for (const id of drones) {
    const each = slots.get(id);
    const free = each?.free[0];
    if (!each || free === undefined) continue;
    const bestFree = best?.free[0] ?? Number.POSITIVE_INFINITY;
    if (!best || free < bestFree || (free === bestFree && each.drone.speed > best.drone.speed)) best = each;
  }
  return best;
}

/** Puts a time where it belongs among sorted ones. */
function insert(times: number[], time: number): void {
  let at = times.length;
  while (at > 0 && (times[at - 1] as number) > time) at--;
  times.splice(at, 0, time);
}
