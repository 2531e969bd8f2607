import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LineStore } from '../../src/output/LineStore.js';
import { textOfLine } from '../../src/output/readLine.js';
import { plainStyle } from '../../src/output/TextStyle.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Cuts bytes at the given places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.slice(index === 0 ? 0 : ends[index - 1], end));
}

function stored(pieces: readonly Uint8Array[]): LineStore {
  const store = new LineStore();
  for (const bytes of pieces) store.append({ bytes, command: 0, stream: 'stdout', at: 0 });
  return store;
}

const linesOf = (store: LineStore) =>
  Array.from({ length: store.lines + 1 }, (_, line) => ({
    bytes: Buffer.from(store.slice(store.startOfLine(line), store.startOfLine(line + 1))).toString('hex'),
    style: store.styleOfLine(line),
  }));

const piece = fc.oneof(
  fc.constantFrom('\n', '\r\n', '\r', '\x1b[31m', '\x1b[1;38;5;208m', '\x1b[38;2;1;2;3m', '\x1b[0m', '\x1b[m', '\x1b[K', '\x1b', '\x1b[4'),
  fc.constantFrom('\x1b]8;;https://example.org\x1b\\there\x1b]8;;\x1b\\', 'ü', '日本', '😀', '\t'),
  fc.string({ maxLength: 12 }),
);
const text = fc.array(piece, { maxLength: 60 }).map((parts) => parts.join(''));

describe('output that comes in pieces', () => {
  test('has the same lines in the same styles however it is cut', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat()), (whole, places) => {
        const bytes = bytesOf(whole);
        expect(linesOf(stored(cut(bytes, places)))).toEqual(linesOf(stored([bytes])));
      }),
    );
  });

  test('is given back byte for byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.array(fc.nat()), (bytes, places) => {
        const store = stored(cut(bytes, places));
        expect(store.bytes).toBe(bytes.length);
        expect(Buffer.from(store.slice(0, store.bytes))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test('may be larger than a block, in pieces of any size', () => {
    const line = `${'x'.repeat(99)}\n`;
    const bytes = bytesOf(line.repeat(5000));
    const store = stored([bytes.slice(0, 10), bytes.slice(10, 150_000), ...cut(bytes.slice(150_000), [7, 70_000, 70_001])]);
    expect(store.lines).toBe(5000);
    for (const each of [0, 1, 655, 1499, 1500, 4999])
      expect(textOfLine(store.slice(store.startOfLine(each), store.startOfLine(each + 1)))).toBe(line.trim());
  });
});

test('each piece keeps its time and its stream', () => {
  const store = new LineStore();
  store.append({ bytes: bytesOf('a\n'), command: 0, stream: 'stdout', at: 100 });
  store.append({ bytes: bytesOf('b\n'), command: 0, stream: 'stderr', at: 100 });
  store.append({ bytes: bytesOf('c\nd\n'), command: 0, stream: 'stderr', at: 200 });
  expect([0, 2, 4, 6].map((byte) => store.originOf(byte))).toEqual([
    { at: 100, stream: 'stdout' },
    { at: 100, stream: 'stderr' },
    { at: 200, stream: 'stderr' },
    { at: 200, stream: 'stderr' },
  ]);
});

test('a colour that a command left on ends with its output', () => {
  const store = new LineStore();
  store.append({ bytes: bytesOf('\x1b[31mred\n'), command: 0, stream: 'stdout', at: 0 });
  store.append({ bytes: bytesOf('plain\nplain too\n'), command: 1, stream: 'stdout', at: 0 });
  expect(store.styleOfLine(2)).toBe(plainStyle);
  expect(store.sections).toEqual([
    { command: 0, firstByte: 0, firstLine: 0 },
    { command: 1, firstByte: 9, firstLine: 1 },
  ]);
});

test('a stretch may begin in the middle of the output', () => {
  const store = new LineStore(1000, 50);
  store.append({ bytes: bytesOf('one\ntwo\n'), command: 3, stream: 'stdout', at: 0 });
  expect([store.startOfLine(50), store.startOfLine(51), store.startOfLine(52), store.lines, store.bytes]).toEqual([
    1000, 1004, 1008, 52, 1008,
  ]);
});
