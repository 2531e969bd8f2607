import type { AttemptEvent } from '@skep/protocol';
import { z } from 'zod';
import type { EndMark, SpoolHeader } from './Spool.js';

/**
 * A spool file is a run of records, each `u32 LE length of the JSON, u32 LE length of the bytes, JSON, bytes`. The
 * first holds the header, the last `{end: EndMark}`; between them stands one per event: `[offsetMs, name, ...args]`, the
 * text of an output event being the bytes and not in the JSON.
 */
export const PREFIX_BYTES = 8;
/** A length beyond this was not written by us: the file is damaged from there on. */
const MAX_PART_BYTES = 64 * 1024 * 1024;

/** The two parts of a record, as they are written one after the other. */
export type RecordParts = readonly [head: Buffer, bytes: Uint8Array];

const NO_BYTES = new Uint8Array(0);
const outputEvents: ReadonlySet<string> = new Set(['job:cmd:stdout', 'job:cmd:stderr', 'job:stdout', 'job:stderr']);

/** Whether the last argument of this event is output. */
export const isOutputEvent = (name: string): boolean => outputEvents.has(name);

/** The output that an event carries, as bytes; none if it is not an output event. */
export function outputOf({ name, args }: AttemptEvent): Uint8Array {
  if (!outputEvents.has(name)) return NO_BYTES;
  const output = args[args.length - 1];
  return typeof output === 'string' ? Buffer.from(output) : (output as Uint8Array);
}

/** An event as a record. */
export function encodeEvent(offsetMs: number, { name, args }: AttemptEvent, output: Uint8Array): RecordParts {
  const kept = outputEvents.has(name) ? args.slice(0, -1) : args;
  return encode([offsetMs, name, ...kept], output);
}

export const encodeHeader = (header: SpoolHeader): RecordParts => encode(header, NO_BYTES);
export const encodeEnd = (end: EndMark): RecordParts => encode({ end }, NO_BYTES);

function encode(value: unknown, bytes: Uint8Array): RecordParts {
  const json = JSON.stringify(value);
  const jsonBytes = Buffer.byteLength(json);
  const head = Buffer.allocUnsafe(PREFIX_BYTES + jsonBytes);
  head.writeUInt32LE(jsonBytes, 0);
  head.writeUInt32LE(bytes.length, 4);
  head.write(json, PREFIX_BYTES);
  return [head, bytes];
}

/** Where a record in a buffer lies. */
export interface RecordPlace {
  readonly json: number;
  readonly bytes: number;
  readonly next: number;
}

/**
 * The record that begins at `from`.
 * @returns how many bytes of the buffer it needs, if it does not lie wholly before `to`; `undefined` if none of ours begins there
 */
export function placeOf(buffer: Buffer, from: number, to: number): RecordPlace | { needs: number } | undefined {
  if (to - from < PREFIX_BYTES) return { needs: PREFIX_BYTES };
  const jsonBytes = buffer.readUInt32LE(from);
  const outputBytes = buffer.readUInt32LE(from + 4);
  if (!isOurs(jsonBytes, outputBytes)) return undefined;
  const json = from + PREFIX_BYTES;
  const bytes = json + jsonBytes;
  const next = bytes + outputBytes;
  return next > to ? { needs: next - from } : { json, bytes, next };
}

/** Whether a record of ours can have parts of these lengths. */
export const isOurs = (jsonBytes: number, outputBytes: number): boolean =>
  jsonBytes > 0 && jsonBytes <= MAX_PART_BYTES && outputBytes <= MAX_PART_BYTES;

const HeaderForm = z.object({
  id: z.string(),
  attempt: z.number().int(),
  lease: z.number().int(),
  assigned: z.number(),
  received: z.number(),
  limitMs: z.number().optional(),
});

/** What a record holds: an event without its output, or the end. */
export type Decoded = { event: [number, string, ...unknown[]] } | { end: EndMark };

/** The JSON of a record; `undefined` where it is damaged. */
export function decode(json: string): Decoded | undefined {
  const value = parseJson(json);
  if (Array.isArray(value)) return { event: value as [number, string, ...unknown[]] };
  const end = (value as { end?: EndMark } | undefined)?.end;
  return end && { end };
}

/** The header in the first record's JSON; `undefined` where it is damaged. */
export const decodeHeader = (json: string): SpoolHeader | undefined => HeaderForm.safeParse(parseJson(json)).data;

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
