import type { Database } from 'better-sqlite3';
import type { StoredEvent } from '../records.js';
import { sourceOf, sourceParts } from './commandKey.js';
import { StoreFailure } from './failures.js';
import type { Packing } from './Packing.js';

/** An event on its way to the writer: its columns, and where in the packed memory its output lies. */
export type EncodedEvent = readonly [
  seq: number,
  at: number,
  firstByte: number,
  firstLine: number,
  lines: number,
  name: string,
  args: string,
  output: readonly [command: number, isStderr: boolean, from: number, bytes: number] | null,
];

/** An event as it rests; `output` is still the view that SQLite gave. */
interface EventRow {
  seq: number;
  at: number;
  firstByte: number;
  firstLine: number;
  lines: number;
  source: number | null;
  name: StoredEvent['name'];
  args: string;
  output: Uint8Array | null;
}

export const encodeEvent = ({ seq, at, firstByte, firstLine, lines, name, args, output }: StoredEvent, packing: Packing): EncodedEvent => [
  seq,
  at,
  firstByte,
  firstLine,
  lines,
  name,
  JSON.stringify(args),
  output && [output.command, output.stream === 'stderr', packing.add(output.bytes), output.bytes.byteLength],
];

const toEvent = ({ seq, at, firstByte, firstLine, lines, source, name, args, output }: EventRow): StoredEvent => ({
  seq,
  at,
  name,
  args: JSON.parse(args) as unknown[],
  // SQLite cannot tell an empty blob that it was given from none.
  output: source === null ? null : { ...sourceParts(source), bytes: output ?? new Uint8Array() },
  firstByte,
  firstLine,
  lines,
});

/**
 * How many events an attempt has. Keys are made and taken apart in SQL, where they are 64-bit integers; a number of
 * JavaScript would lose their low bits.
 */
const COUNT = 'select coalesce(max(key) & 0x7fffffff, -1) + 1 from event where key between (? << 31) and (? << 31 | 0x7fffffff)';

export function eventWrites(db: Database) {
  const count = db.prepare<[number, number], number>(COUNT).pluck();
  const insert = db.prepare<(string | number | Uint8Array | null)[]>(
    'insert into event (key, at, first_byte, first_line, lines, source, name, args, output) values (? << 31 | ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  return {
    /** Adds events to an attempt. @throws {SkepError} STORE_FAILED if they are not the next ones. */
    addEvents(lease: number, events: readonly EncodedEvent[], memory: Uint8Array): void {
      let next = count.get(lease, lease) ?? 0;
      for (const [seq, at, firstByte, firstLine, lines, name, args, output] of events) {
        if (seq !== next) throw new StoreFailure('STORE_FAILED', `The next event of lease ${lease} is ${next}, not ${seq}`);
        next += 1;
        const source = output && sourceOf(lease, output[0], output[1]);
        const bytes = output && memory.subarray(output[2], output[2] + output[3]);
        insert.run(lease, seq, at, firstByte, firstLine, lines, source, name, args, bytes);
      }
    },
  };
}

export function eventReads(db: Database) {
  const count = db.prepare<[number, number], number>(COUNT).pluck();
  const columns = 'key & 0x7fffffff as seq, at, first_byte as firstByte, first_line as firstLine, lines, source, name, args, output';
  const run = db.prepare<[number, number, number], EventRow>(
    `select ${columns} from event where key between (? << 31 | ?) and (? << 31 | 0x7fffffff) order by key`,
  );
  const place = db.prepare<[number, number], { firstByte: number; firstLine: number; lines: number; bytes: number }>(
    'select first_byte as firstByte, first_line as firstLine, lines, coalesce(length(output), 0) as bytes from event where key = (? << 31 | ?)',
  );
  const output = db.prepare<[number, number], Uint8Array | null>('select output from event where key = (? << 31 | ?)').pluck();
  const backwards = db.prepare<[number], Uint8Array>('select output from event where source = ? order by key desc').pluck();
  return {
    countEvents: (lease: number): number => count.get(lease, lease) ?? 0,
    /** The events of an attempt from a seq on: at least one, then as many as fit in `maxBytes`. */
    eventsFrom(lease: number, seq: number, maxBytes: number): StoredEvent[] {
      const events: StoredEvent[] = [];
      let bytes = 0;
      for (const row of run.iterate(lease, seq, lease)) {
        bytes += row.args.length + (row.output?.byteLength ?? 0);
        if (bytes > maxBytes && events.length > 0) break;
        events.push(toEvent(row));
        // Looking at one event too many would mean loading its output for nothing.
        if (bytes >= maxBytes) break;
      }
      return events;
    },
    /** Where an event stands in the output of its attempt; it must be there. */
    placeOf(lease: number, seq: number) {
      const found = place.get(lease, seq);
      if (!found) throw new StoreFailure('STORE_FAILED', `Event ${seq} of lease ${lease} is missing`);
      return found;
    },
    outputOf: (lease: number, seq: number): Uint8Array => output.get(lease, seq) ?? new Uint8Array(),
    /** The newest bytes that a command wrote to one of its streams. */
    newestOutput(lease: number, command: number, isStderr: boolean, maxBytes: number): Uint8Array {
      const chunks: Uint8Array[] = [];
      let bytes = 0;
      if (maxBytes > 0) {
        for (const chunk of backwards.iterate(sourceOf(lease, command, isStderr))) {
          chunks.push(chunk);
          bytes += chunk.byteLength;
          if (bytes >= maxBytes) break;
        }
      }
      return Buffer.concat(chunks.reverse()).subarray(Math.max(0, bytes - maxBytes));
    },
  };
}
