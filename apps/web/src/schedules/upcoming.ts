import type { DueTime, Schedule, When } from '@skep/protocol';
import { localTime, timesOf } from '@skep/scheduler';

/** A time to come. */
export interface Coming extends DueTime {
  /** Minutes that the clocks of the zone went forward since the time before; back if negative. */
  shiftMinutes: number;
}

/**
 * When something runs next, by the same rules as the queen's, so that it is known also while she is away.
 * @param anchorMs an instant from which a duration is counted, Unix ms
 */
export function comingTimes(when: When, name: string, anchorMs: number, nowMs: number, count: number): Coming[] {
  const zone = when.zone ?? 'UTC';
  let before = offsetOf(localTime(nowMs, zone));
  return timesOf(when, name, anchorMs)
    .after(nowMs, count)
    .map((at) => {
      const local = localTime(at, zone);
      const shiftMinutes = offsetOf(local) - before;
      before += shiftMinutes;
      return { at, local, shiftMinutes };
    });
}

/** The next times of a schedule, counted on from those that the queen gave. */
export function nextOf({ when, name, next, created }: Schedule, nowMs: number, count: number): Coming[] {
  const [first] = next;
  const anchorMs = 'every' in when && typeof when.every === 'number' && first ? first.at - when.every * 1000 : created;
  return comingTimes(when, name, anchorMs, nowMs, count);
}

/** How far the clocks are ahead of UTC, in minutes, in a time such as `2026-11-24T03:00:00+01:00`. */
export function offsetOf(local: string): number {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)(?::\d\d)?$/.exec(local) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
}
