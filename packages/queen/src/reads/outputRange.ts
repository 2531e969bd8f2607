import { SkepError } from '@skep/protocol';
import type { StoredEvent } from '@skep/store';

const LINE_END = 0x0a;

/** A part of the output of one attempt. Both numbers count from 0; `to` is the first that is outside, Infinity if there is none. */
export interface OutputRange {
  unit: 'byte' | 'line';
  from: number;
  to: number;
}

/** A piece of output and where it stands in the output of its attempt. */
export interface Piece {
  bytes: Uint8Array;
  firstByte: number;
  firstLine: number;
  /** Line ends within it. */
  lines: number;
}

type OutputEvent = StoredEvent & { output: NonNullable<StoredEvent['output']> };

/**
 * What `lines=a-b` (from 1) or `bytes=a-b` (from 0) ask for, both ends included; undefined where neither is given.
 * @throws INVALID_MESSAGE if both are given, or the end lies before the beginning
 */
export function rangeOf({ lines, bytes }: { lines?: string | undefined; bytes?: string | undefined }): OutputRange | undefined {
  if (lines !== undefined && bytes !== undefined)
    throw new SkepError('INVALID_MESSAGE', 'A range is either of lines or of bytes, not of both');
  const text = lines ?? bytes;
  if (text === undefined) return undefined;
  const unit = lines === undefined ? 'byte' : 'line';
  const first = unit === 'line' ? 1 : 0;
  const [begin = '', end = ''] = text.split('-');
  const from = Number(begin) - first;
  const to = end === '' ? Number.POSITIVE_INFINITY : Number(end) - first + 1;
  if (from < 0 || to <= from || !Number.isSafeInteger(from))
    throw new SkepError('INVALID_MESSAGE', `${text} is no range of ${unit}s: it must count from ${first} and not end before it begins`);
  return { unit, from, to };
}

/** Whether all of a range has come by once this event has. */
export const isCoveredBy = (range: OutputRange, event: OutputEvent): boolean =>
  range.to <= (range.unit === 'byte' ? event.firstByte + event.output.bytes.length : event.firstLine + event.lines);

/** The part of an event's output that lies in the range; without a range all of it. */
export function pieceOf(event: OutputEvent, range: OutputRange | undefined): Piece {
  const { bytes } = event.output;
  const whole = { bytes, firstByte: event.firstByte, firstLine: event.firstLine, lines: event.lines };
  if (!range) return whole;
  const begin = offsetOf(event, range.unit, range.from);
  const end = offsetOf(event, range.unit, range.to);
  if (begin === 0 && end === bytes.length) return whole;
  const part = bytes.subarray(begin, Math.max(begin, end));
  return {
    bytes: part,
    firstByte: event.firstByte + begin,
    firstLine: event.firstLine + lineEnds(bytes.subarray(0, begin)),
    lines: lineEnds(part),
  };
}

/** How many bytes of an event's output lie before a place in the output of its attempt. */
function offsetOf({ output: { bytes }, firstByte, firstLine, lines }: OutputEvent, unit: OutputRange['unit'], place: number): number {
  if (unit === 'byte') return Math.min(Math.max(0, place - firstByte), bytes.length);
  if (place <= firstLine) return 0;
  return place > firstLine + lines ? bytes.length : afterLineEnds(bytes, place - firstLine);
}

/** The offset after so many line ends. */
function afterLineEnds(bytes: Uint8Array, count: number): number {
  let offset = 0;
  for (let seen = 0; seen < count; seen++) offset = bytes.indexOf(LINE_END, offset) + 1;
  return offset;
}

function lineEnds(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_END); at !== -1; at = bytes.indexOf(LINE_END, at + 1)) count++;
  return count;
}
