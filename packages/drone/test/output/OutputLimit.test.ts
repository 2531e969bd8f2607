import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Chunk } from '../../src/output/OutputCutter.js';
import { OutputLimit } from '../../src/output/OutputLimit.js';

const MiB = 1024 * 1024;
const out = (text: string): Chunk => ({ stream: 'stdout', bytes: Buffer.from(text) });
const textOf = (chunks: readonly Chunk[]): string => Buffer.concat(chunks.map(({ bytes }) => bytes)).toString();

/** What is told of commands that write these pieces. */
function told(maxBytes: number, ...commands: string[][]): string[] {
  const limit = new OutputLimit(maxBytes);
  return commands.map((pieces) => textOf([...pieces.flatMap((piece) => limit.pass(out(piece))), ...limit.end()]));
}

const lines = (from: number, to: number): string => Array.from({ length: to - from }, (_, n) => `line ${from + n}\n`).join('');

describe('output within its limit', () => {
  test.each<[string, string[][]]>([
    ['far below it', [['one\n', 'two\n']]],
    ['up to the last byte', [['x'.repeat(512), 'y'.repeat(512)]]],
    ['over several commands', [['a'.repeat(600)], ['b'.repeat(300)], ['c'.repeat(124)]]],
  ])('%s is whole', (_, commands) => {
    expect(told(1024, ...commands)).toEqual(commands.map((pieces) => pieces.join('')));
  });

  test('passes at once as long as there is room for a tail of 1 MiB', () => {
    const limit = new OutputLimit(3 * MiB);
    const piece = out('x'.repeat(MiB));
    expect([limit.pass(piece).length, limit.pass(piece).length, limit.pass(piece).length]).toEqual([1, 1, 0]);
    expect(textOf(limit.end())).toHaveLength(MiB);
  });
});

describe('output beyond its limit', () => {
  test('keeps head and tail, in whole lines, and says how much is missing', () => {
    const [text = ''] = told(1000, [lines(0, 50), lines(50, 500)]);
    const [, head = '', bytes, tail = ''] =
      /^(.*?)\[skep: (\d+) bytes of output left out here: over the limit of 1000\]\n(.*)$/s.exec(text) ?? [];
    const all = lines(0, 500);
    expect(all.startsWith(head) && head.endsWith('\n') && head.length > 450).toBe(true);
    expect(all.endsWith(tail) && tail.startsWith('line') && tail.length > 100).toBe(true);
    expect(Number(bytes)).toBe(all.length - head.length - tail.length);
    expect(text.length).toBeLessThanOrEqual(1000);
  });

  test('leaves room for the commands that follow', () => {
    const [, second, third] = told(1000, [lines(0, 500)], ['short\n'], [lines(0, 500)]);
    expect(second).toBe('short\n');
    expect(third).toMatch(/^\[skep: \d+ bytes .*\]\n(line \d+\n)+$/);
  });

  test('without line ends is cut between characters, and the mark has a line of its own', () => {
    const [text] = told(1000, ['é'.repeat(5000)]);
    expect(text).toMatch(/^é+\n\[skep: \d+ bytes of output left out here: over the limit of 1000\]\né+$/);
  });

  test('marks what both outputs lost, and keeps what belongs to which', () => {
    const limit = new OutputLimit(1024);
    for (let n = 0; n < 1000; n++) limit.pass({ stream: n % 2 ? 'stderr' : 'stdout', bytes: Buffer.from(`${n % 2 ? 'err' : 'out'}\n`) });
    const [mark, ...tail] = limit.end();
    expect(mark?.bytes.toString()).toMatch(/^\[skep: /);
    expect(mark?.cut).toEqual({ bytes: Number(/\d+/.exec(String(mark?.bytes))?.[0]), limit: 1024 });
    for (const { stream, bytes } of tail) expect(bytes.toString()).toBe(stream === 'stderr' ? 'err\n' : 'out\n');
  });

  test('whatever is written, what is told is never more than the limit, and all that is missing is counted', () => {
    const command = fc.array(
      fc.record({ stream: fc.constantFrom('stdout' as const, 'stderr' as const), bytes: fc.uint8Array({ maxLength: 400 }) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 4000 }), fc.array(command, { maxLength: 2 }), (maxBytes, commands) => {
        const limit = new OutputLimit(maxBytes);
        const told = commands.map((chunks) =>
          Buffer.concat(
            [...chunks.flatMap(({ stream, bytes }) => limit.pass({ stream, bytes: Buffer.from(bytes) })), ...limit.end()].map(
              ({ bytes }) => bytes,
            ),
          ),
        );
        const written = commands.map((chunks) => Buffer.concat(chunks.map(({ bytes }) => bytes)));
        const sum = (all: Buffer[]): number => all.reduce((total, { length }) => total + length, 0);
        expect(sum(told)).toBeLessThanOrEqual(maxBytes);
        if (sum(written) <= maxBytes) expect(told).toEqual(written);
        else expect(told.at(-1)?.includes('[skep: ') || told[0]?.includes('[skep: ')).toBe(true);
      }),
    );
  });
});
