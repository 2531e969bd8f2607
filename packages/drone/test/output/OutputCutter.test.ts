import { describe, expect, test } from '@jest/globals';
import { CHUNK_BYTES, type Stream } from '@skep/protocol';
import fc from 'fast-check';
import { type Chunk, OutputCutter } from '../../src/output/OutputCutter.js';

const text = (chunks: Chunk[]): string[] => chunks.map(({ stream, bytes }) => `${stream} ${bytes.toString()}`);
const joined = (chunks: Chunk[], stream: Stream): Buffer =>
  Buffer.concat(chunks.filter((chunk) => chunk.stream === stream).map(({ bytes }) => bytes));

describe('OutputCutter', () => {
  test('whole lines are ready at once, the rest of a line waits', () => {
    const cutter = new OutputCutter();
    expect(text(cutter.feed('stdout', Buffer.from('one\ntwo\nthr')))).toEqual(['stdout one\ntwo\n']);
    expect(cutter.isWaiting).toBe(true);
    expect(text(cutter.feed('stdout', Buffer.from('ee\n')))).toEqual(['stdout three\n']);
    expect(cutter.isWaiting).toBe(false);
  });

  test('what waits goes before what the other stream writes', () => {
    const cutter = new OutputCutter();
    cutter.feed('stdout', Buffer.from('Name: '));
    expect(text(cutter.feed('stderr', Buffer.from('warning\n')))).toEqual(['stdout Name: ', 'stderr warning\n']);
  });

  test('the rest of a line is cut at a whole character', () => {
    const cutter = new OutputCutter();
    const bee = Buffer.from('a🐝');
    cutter.feed('stdout', bee.subarray(0, 3));
    expect(text(cutter.rest())).toEqual(['stdout a']);
    expect(cutter.isWaiting).toBe(false);
    cutter.feed('stdout', bee.subarray(3));
    expect(text(cutter.rest())).toEqual(['stdout 🐝']);
  });

  test('a long flood is cut at line ends into chunks of at most 64 KiB', () => {
    const lines = Buffer.from(Array.from({ length: 30_000 }, (_, at) => `line ${at}\n`).join(''));
    const chunks = new OutputCutter().feed('stdout', lines);
    expect(chunks.every(({ bytes }) => bytes.length <= CHUNK_BYTES && bytes.at(-1) === 10)).toBe(true);
    expect(joined(chunks, 'stdout').equals(lines)).toBe(true);
  });

  test('a line longer than a chunk is cut at whole characters', () => {
    const line = Buffer.from('🐝'.repeat(50_000));
    const cutter = new OutputCutter();
    const chunks = [...cutter.feed('stdout', line.subarray(0, 70_001)), ...cutter.feed('stdout', line.subarray(70_001)), ...cutter.end()];
    expect(chunks.every(({ bytes }) => bytes.length <= CHUNK_BYTES && !bytes.toString().includes('�'))).toBe(true);
    expect(joined(chunks, 'stdout').equals(line)).toBe(true);
  });

  const Piece = fc.record({
    stream: fc.constantFrom<Stream>('stdout', 'stderr'),
    bytes: fc.uint8Array({ maxLength: 40 }),
    rest: fc.boolean(),
  });

  test('whatever is fed, however it is split, comes out byte for byte', () => {
    fc.assert(
      fc.property(fc.array(Piece, { maxLength: 30 }), (pieces) => {
        const cutter = new OutputCutter();
        const chunks = pieces.flatMap(({ stream, bytes, rest }) => [
          ...cutter.feed(stream, Buffer.from(bytes)),
          ...(rest ? cutter.rest() : []),
        ]);
        chunks.push(...cutter.end());
        for (const stream of ['stdout', 'stderr'] as const) {
          const fed = Buffer.concat(pieces.filter((piece) => piece.stream === stream).map(({ bytes }) => bytes));
          expect(joined(chunks, stream).equals(fed)).toBe(true);
        }
        expect(chunks.every(({ bytes }) => bytes.length > 0 && bytes.length <= CHUNK_BYTES)).toBe(true);
      }),
    );
  });

  test('of valid UTF-8 every chunk decodes alone, wherever it was split', () => {
    const strict = new TextDecoder('utf-8', { fatal: true });
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '\n', 'ü', '€', '🐝', '●'), maxLength: 60 }),
        fc.array(fc.nat(200), { maxLength: 10 }),
        (whole, cuts) => {
          const bytes = Buffer.from(whole);
          const borders = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
          const cutter = new OutputCutter();
          const chunks = borders
            .slice(1)
            .flatMap((end, at) => [...cutter.feed('stdout', bytes.subarray(borders[at], end)), ...cutter.rest()]);
          chunks.push(...cutter.end());
          expect(chunks.map((chunk) => strict.decode(chunk.bytes)).join('')).toBe(whole);
        },
      ),
    );
  });
});
