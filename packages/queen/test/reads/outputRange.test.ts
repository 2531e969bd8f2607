import { describe, expect, test } from '@jest/globals';
import type { StoredEvent } from '@skep/store';
import fc from 'fast-check';
import { isCoveredBy, pieceOf, rangeOf } from '../../src/reads/outputRange.js';

const lineEnds = (bytes: Uint8Array): number => bytes.filter((byte) => byte === 0x0a).length;

/** The events of an output that was written in these chunks. */
function eventsOf(chunks: Uint8Array[]) {
  let firstByte = 0;
  let firstLine = 0;
  return chunks.map((bytes, seq) => {
    const lines = lineEnds(bytes);
    const output = { command: 0, stream: 'stdout' as const, bytes };
    const event: StoredEvent & { output: typeof output } = {
      seq,
      at: 0,
      name: 'job:cmd:stdout',
      args: [0],
      output,
      firstByte,
      firstLine,
      lines,
    };
    firstByte += bytes.length;
    firstLine += lines;
    return event;
  });
}

// Few different bytes, so that line ends are many.
const chunks = fc.array(
  fc.array(fc.constantFrom(10, 65, 66, 195), { maxLength: 12 }).map((bytes) => Uint8Array.from(bytes)),
  { maxLength: 8 },
);
const place = fc.nat({ max: 30 });

describe('pieces', () => {
  test('of a range of bytes, put together, are the bytes of that range, wherever the chunks were cut', () => {
    fc.assert(
      fc.property(chunks, place, place, (written, begin, length) => {
        const range = rangeOf({ bytes: `${begin}-${begin + length}` });
        const pieces = eventsOf(written).map((event) => pieceOf(event, range));
        expect(Buffer.concat(pieces.map(({ bytes }) => bytes))).toEqual(Buffer.concat(written).subarray(begin, begin + length + 1));
      }),
    );
  });

  test('of a range of lines, put together, are the lines of that range', () => {
    fc.assert(
      fc.property(chunks, place, place, (written, begin, length) => {
        const range = rangeOf({ lines: `${begin + 1}-${begin + 1 + length}` });
        const pieces = eventsOf(written).map((event) => pieceOf(event, range));
        const lines = Buffer.concat(written)
          .toString('latin1')
          .split(/(?<=\n)/);
        expect(Buffer.concat(pieces.map(({ bytes }) => bytes)).toString('latin1')).toBe(lines.slice(begin, begin + length + 1).join(''));
      }),
    );
  });

  test('say where they stand in the whole', () => {
    fc.assert(
      fc.property(chunks, place, place, fc.constantFrom('bytes', 'lines'), (written, begin, length, unit) => {
        const range = rangeOf({ [unit]: `${begin + 1}-${begin + 1 + length}` });
        const all = Buffer.concat(written);
        for (const event of eventsOf(written)) {
          const { bytes, firstByte, firstLine, lines } = pieceOf(event, range);
          if (bytes.length === 0) continue;
          expect(all.subarray(firstByte, firstByte + bytes.length)).toEqual(Buffer.from(bytes));
          expect([firstLine, lines]).toEqual([lineEnds(all.subarray(0, firstByte)), lineEnds(bytes)]);
        }
      }),
    );
  });

  test('after the event that covers a range there are none', () => {
    fc.assert(
      fc.property(chunks, place, fc.constantFrom('bytes', 'lines'), (written, length, unit) => {
        const range = rangeOf({ [unit]: `1-${1 + length}` });
        const events = eventsOf(written);
        const last = events.findIndex((event) => range !== undefined && isCoveredBy(range, event));
        if (last === -1) return;
        for (const event of events.slice(last + 1)) expect(pieceOf(event, range).bytes).toHaveLength(0);
      }),
    );
  });
});

test.each([
  [{ lines: '0-4' }],
  [{ lines: '5-4' }],
  [{ bytes: '5-4' }],
  [{ bytes: '99999999999999999999-' }],
  [{ lines: '1-2', bytes: '1-2' }],
])('%j is no range', (query) => {
  expect(() => rangeOf(query)).toThrow(expect.objectContaining({ code: 'INVALID_MESSAGE' }));
});
