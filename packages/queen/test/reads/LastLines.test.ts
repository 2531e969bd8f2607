import { describe, expect, test } from '@jest/globals';
import type { StoredEvent } from '@skep/store';
import fc from 'fast-check';
import { LastLines } from '../../src/reads/LastLines.js';
import { shownLine } from '../../src/reads/shownLine.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const wrote = (text: string, stream: 'stdout' | 'stderr' = 'stdout'): StoredEvent => ({
  seq: 0,
  at: 0,
  name: `job:cmd:${stream}`,
  args: [0],
  output: { command: 0, stream, bytes: bytes(text) },
  firstByte: 0,
  firstLine: 0,
  lines: text.split('\n').length - 1,
});
const began: StoredEvent = { ...wrote(''), name: 'job:cmd:start', args: [1, 'make'], output: null };

/** The last line of a job of which this was heard, each piece by itself. */
function lastOf(...events: StoredEvent[]): string | undefined {
  const lines = new LastLines();
  for (const event of events) lines.heard('job', { attempt: 1, cursor: 0, events: [event] });
  return lines.of('job');
}

describe('the last whole line', () => {
  test.each<[string, StoredEvent[], string | undefined]>([
    ['is the newest of many', [wrote('one\ntwo\nthree\n')], 'three'],
    ['does not hold what is not whole', [wrote('one\ntw')], 'one'],
    ['is put together from pieces', [wrote('one\nt'), wrote('w'), wrote('o\n')], 'two'],
    ['is put together from dots', [...Array.from({ length: 60 }, () => wrote('.')), wrote(' ok\n')], `${'.'.repeat(60)} ok`],
    ['is of one stream', [wrote('out'), wrote('error\n', 'stderr'), wrote('put\n')], 'output'],
    ['does not begin in another command', [wrote('left over'), began, wrote('fresh\n')], 'fresh'],
    ['is not blank', [wrote('one\n\n  \n'), wrote('\n')], 'one'],
    ['is unknown before the first', [wrote('on')], undefined],
  ])('%s', (_, events, line) => {
    expect(lastOf(...events)).toBe(line);
    const together = new LastLines();
    together.heard('job', { attempt: 1, cursor: 0, events });
    expect(together.of('job')).toBe(line);
  });

  test('is the same however the output is cut', () => {
    const text = fc.array(fc.constantFrom('a', 'bc', ' ', '\n', 'ü'), { maxLength: 40 });
    fc.assert(
      fc.property(text, text, (first, second) => {
        expect(lastOf(...[...first, ...second].map((each) => wrote(each)))).toBe(lastOf(wrote([...first, ...second].join(''))));
      }),
    );
  });

  test('is told once, and not of a job that is over', () => {
    const lines = new LastLines();
    const hear = (id: string, text: string) => lines.heard(id, { attempt: 1, cursor: 0, events: [wrote(text)] });
    hear('a', 'one\n');
    hear('b', 'one\n');
    lines.forget('b');
    expect(lines.changed()).toEqual(['a']);
    expect(lines.changed()).toEqual([]);
    hear('a', 'one\n');
    expect(lines.changed()).toEqual([]);
    hear('a', 'two\n');
    expect(lines.of('a')).toBe('two');
    expect(lines.changed()).toEqual(['a']);
    expect(lines.of('b')).toBeUndefined();
  });
});

describe('a line is shown', () => {
  test.each<[string, string, string | undefined]>([
    ['without colours', '\u001b[1;31merror\u001b[0m: no\n', 'error: no'],
    ['without links', '\u001b]8;;http://x\u0007here\u001b]8;;\u0007\n', 'here'],
    ['as it was painted last', '10 %\r50 %\r100 %\n', '100 %'],
    ['as it was painted last, also where it ends in a carriage return', '50 %\r100 %\r\n', '100 %'],
    ['without control characters', 'a\u0000b\tc\u0007\n', 'ab c'],
    ['not at all where only colours are in it', '\u001b[0m\n', undefined],
    ['at most 200 characters long', `${'x'.repeat(500)}\n`, 'x'.repeat(200)],
    ['cut between characters', `${'x'.repeat(199)}\u{1f41d}\n`, 'x'.repeat(199)],
  ])('%s', (_, text, shown) => expect(shownLine(undefined, bytes(text))).toBe(shown));
});
