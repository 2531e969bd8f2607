import type { Expected } from '@skep/protocol';

/** How times, spans and sizes are said. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span in words: `0.2 s`, `31 s`, `2 m 40 s`, `3 h 5 m`, `2 d 4 h`. */
export function span(ms: number): string {
  const abs = Math.max(0, ms);
  if (abs < 10 * SECOND) return `${(abs / SECOND).toFixed(1)} s`;
  if (abs < MINUTE) return `${Math.round(abs / SECOND)} s`;
  if (abs < HOUR) return `${Math.floor(abs / MINUTE)} m ${Math.floor((abs % MINUTE) / SECOND)} s`;
  if (abs < DAY) return `${Math.floor(abs / HOUR)} h ${Math.floor((abs % HOUR) / MINUTE)} m`;
  return `${Math.floor(abs / DAY)} d ${Math.floor((abs % DAY) / HOUR)} h`;
}

/** How long ago: `now`, `12 s ago`, `5 m ago`. */
export function ago(at: number, now: number): string {
  const ms = now - at;
  if (ms < 5 * SECOND) return 'now';
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s ago`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} m ago`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h ago`;
  return `${Math.floor(ms / DAY)} d ago`;
}

/** Time since a start: `01:02.345`, `1:01:02.345`. */
export function elapsed(ms: number): string {
  const abs = Math.max(0, ms);
  const hours = Math.floor(abs / HOUR);
  const rest = `${two(Math.floor((abs % HOUR) / MINUTE))}:${two(Math.floor((abs % MINUTE) / SECOND))}.${String(Math.floor(abs % SECOND)).padStart(3, '0')}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** The time of day, to the ms. */
export function clockTime(at: number, isUtc: boolean): string {
  const date = new Date(at);
  if (isUtc) return `${date.toISOString().slice(11, 23)}Z`;
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** Day and time, as the reader's own locale writes them, with the zone. */
export const fullTime = (at: number): string => new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' });

/** A size: `812 B`, `3.9 kB`, `84 MB`. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(4, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${['B', 'kB', 'MB', 'GB', 'TB'][power]}`;
}

/** `1 job`, `3 jobs`. */
export const count = (number: number, one: string, many = `${one}s`): string => `${number.toLocaleString()} ${number === 1 ? one : many}`;

/** `1st`, `2nd`, `3rd`, `4th`. */
export function ordinal(number: number): string {
  const tail = number % 100 >= 11 && number % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${tail}`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** A text with a capital at its beginning. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** When something is expected, seen from now, with its spread: `in about 40 s (10 s to 2 m 5 s)`. */
export function expectedWords({ low, likely, high }: Expected, now: number): string {
  if (likely <= now) return high <= now ? 'any moment; it takes longer than usual' : `any moment (${span(high - now)} at most)`;
  const spread = high - low < 2 * SECOND ? '' : ` (${span(low - now)} to ${span(high - now)})`;
  return `in about ${span(likely - now)}${spread}`;
}
