import { describe, expect, test } from '@jest/globals';
import type { SearchHit } from '@skep/protocol';
import fc from 'fast-check';
import { LineScanner, type ScanOptions } from '../../src/search/LineScanner.js';
import { pageOf } from '../../src/search/pageOf.js';

type Written = [command: number, stream: 'stdout' | 'stderr', text: string];

/** What was written, as the chunks that the store gives. */
function chunksOf(written: readonly Written[]) {
  let firstByte = 0;
  let firstLine = 0;
  return written.map(([command, stream, text], cursor) => {
    const bytes = Buffer.from(text);
    const chunk = { cursor, attempt: 1, command, stream, at: 0, firstByte, firstLine, lines: text.split('\n').length - 1, bytes };
    firstByte += bytes.length;
    firstLine += chunk.lines;
    return chunk;
  });
}

function search(written: readonly Written[], pattern: RegExp, options: Partial<ScanOptions> = {}, pageSize = 3) {
  const scanner = new LineScanner({ pattern, limit: 1000, count: true, ...options });
  const chunks = chunksOf(written).filter(({ bytes }) => bytes.length > 0);
  const hits: SearchHit[] = [];
  for (let from = 0; from < chunks.length; from += pageSize) hits.push(...scanner.scan(pageOf(chunks.slice(from, from + pageSize))));
  const end = scanner.end();
  return { given: [...hits, ...end.hits], ...end.found };
}

const anyWritten = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 2 }), fc.constantFrom('stdout' as const, 'stderr' as const), fc.stringMatching(/^[ab\n]{0,8}$/)),
  { maxLength: 20 },
);

test('finds the lines that one finds in the whole text, however it was cut', () => {
  fc.assert(
    fc.property(anyWritten, fc.constantFrom('a', 'ab', '^b', 'a$', '^$'), fc.integer({ min: 1, max: 5 }), (written, source, pageSize) => {
      const text = written.map(([, , each]) => each).join('');
      const lines = text.split('\n');
      // What comes after the last line end is a line only if there is something.
      if (lines.at(-1) === '') lines.pop();
      const wanted = lines.flatMap((line, index) => (new RegExp(source).test(line) ? [index + 1] : []));
      const { given } = search(written, new RegExp(source), {}, pageSize);
      expect(given.map(({ line }) => line)).toEqual(wanted);
      for (const { line, text: shown, column } of given) {
        expect(shown).toBe(lines[line - 1]);
        expect(column - 1).toBe(shown.search(new RegExp(source)));
      }
    }),
  );
});

test('a line belongs to who wrote its beginning, and hits are counted for each command', () => {
  const { given, commands } = search(
    [
      [0, 'stdout', 'x1\nx'],
      [0, 'stderr', '2\n'],
      [1, 'stderr', 'x3\ny\n'],
      [2, 'stdout', 'x4'],
    ],
    /x/,
  );
  expect(given.map(({ line, command, stream, text }) => [line, command, stream, text])).toEqual([
    [1, 0, 'stdout', 'x1'],
    [2, 0, 'stdout', 'x2'],
    [3, 1, 'stderr', 'x3'],
    [5, 2, 'stdout', 'x4'],
  ]);
  expect(commands).toEqual({ 0: 2, 1: 1, 2: 1 });
});

describe('beyond the limit', () => {
  const written: Written[] = [[0, 'stdout', 'x\n'.repeat(10)]];
  test('it counts on, and says where to go on', () =>
    expect(search(written, /x/, { limit: 3 })).toMatchObject({ hits: 10, next: 4, commands: { 0: 10 } }));
  test('it stops where nobody wants to know', () =>
    expect(search(written, /x/, { limit: 3, count: false })).toMatchObject({ hits: 3, next: 4, commands: { 0: 3 } }));
});

test.each([
  ['colours', '\u001b[1;31mer\u001b[0mror\n', 'error'],
  ['links', 'see \u001b]8;;https://a.example\u0007here\u001b]8;;\u0007\n', 'see here'],
  ['what was written over', ' 10%\r 50%\r100%\r\n', '100%'],
])('what is searched is seen: %s', (_, written, seen) => {
  expect(search([[0, 'stdout', written]], new RegExp(`^${seen}$`))).toMatchObject({ given: [{ text: seen }] });
  expect(search([[0, 'stdout', written]], /example|10%|31/)).toMatchObject({ hits: 0 });
});

test('of a long line the part around the match is given, also where it comes in many pieces', () => {
  const line = `${'.'.repeat(200_000)}x${'.'.repeat(1000)}`;
  for (const pieces of [[line], line.match(/.{1,50000}/g) ?? []]) {
    const { given } = search(pieces.map((text): Written => [0, 'stdout', text]).concat([[0, 'stdout', '\nx\n']]), /x/);
    const [first, second] = given;
    expect(given).toHaveLength(2);
    expect(first?.text).toHaveLength(500);
    expect((first?.cut ?? 0) + (first?.column ?? 0)).toBe(200_001);
    expect(second).toMatchObject({ line: 2, text: 'x', column: 1 });
  }
});
