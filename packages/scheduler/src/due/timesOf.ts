import type { When } from '@skep/protocol';
import { cronOf } from './cronOf.js';

/** The times of a schedule. All instants are Unix ms; the clock is the caller's. */
export interface Times {
  /** The next so many times after an instant, in order; fewer where there are no more. */
  after(atMs: number, count: number): number[];
  /** The times in (from, to], in order; of more than `atMost` the newest. Costs as much as it gives, however long the span. */
  within(fromMs: number, toMs: number, atMost: number): number[];
}

/**
 * When a schedule runs: a pure function of what it is given.
 * @param name decides at which minute, hour and weekday something runs that is hourly, daily or weekly, so that not all do at once
 * @param anchorMs where the periods of a duration begin
 * @throws {Error} where `whenProblem` finds one
 */
export function timesOf(when: When, name: string, anchorMs: number): Times {
  const zone = when.zone ?? 'UTC';
  if ('cron' in when) return cronTimes(when.cron, zone);
  if (typeof when.every === 'number') return periods(when.every * 1000, anchorMs);
  return cronTimes(spreadCron(when.every, name), zone);
}

function cronTimes(expression: string, zone: string): Times {
  const cron = cronOf(expression, zone);
  return {
    after: (atMs, count) => cron.nextRuns(count, new Date(atMs)).map(Number),
    within(fromMs, toMs, atMost) {
      const times: number[] = [];
      // Whole seconds, and without the instant itself: what lies beyond the end is passed over.
      for (let at = toMs + 2000; times.length < atMost; ) {
        const before = cron.previousRuns(1, new Date(at))[0];
        if (!before || Number(before) <= fromMs) break;
        at = Number(before);
        if (at <= toMs) times.unshift(at);
      }
      return times;
    },
  };
}

function periods(periodMs: number, anchorMs: number): Times {
  /** The number of periods that are over by then; the first ends one period after the anchor. */
  const over = (atMs: number): number => Math.max(0, Math.floor((atMs - anchorMs) / periodMs));
  const times = (first: number, count: number): number[] => Array.from({ length: count }, (_, i) => anchorMs + (first + i) * periodMs);
  return {
    after: (atMs, count) => times(over(atMs) + 1, count),
    within(fromMs, toMs, atMost) {
      const last = over(toMs);
      const count = Math.max(0, Math.min(atMost, last - over(fromMs)));
      return times(last - count + 1, count);
    },
  };
}

/** The expression for something that runs once in each such span, at a time that follows from its name. */
function spreadCron(every: 'hourly' | 'daily' | 'weekly', name: string): string {
  const hash = hashOf(name);
  const minute = hash % 60;
  const hour = Math.floor(hash / 60) % 24;
  const weekday = Math.floor(hash / (60 * 24)) % 7;
  if (every === 'hourly') return `${minute} * * * *`;
  return every === 'daily' ? `${minute} ${hour} * * *` : `${minute} ${hour} * * ${weekday}`;
}

/** FNV-1a, 32 bits: the same on every machine and in every version. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
