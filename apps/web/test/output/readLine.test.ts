import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readLine, textOfLine, textOfLines } from '../../src/output/readLine.js';
import { applySgr, BOLD, cssColor, INVERSE, ITALIC, plainStyle } from '../../src/output/TextStyle.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string) => readLine(bytesOf(text));
const texts = (text: string) => read(text).segments.map((segment) => segment.text);

test.each([
  ['text as it is', 'make: nothing to be done\n', 'make: nothing to be done', 0],
  ['no colour', '\x1b[31merror\x1b[0m: no', 'error: no', 0],
  ['what was written last with a carriage return', '10%\r50%\rdone\n', 'done', 2],
  ['a line of Windows', 'dir\r\n', 'dir', 0],
  ['no title of a terminal', '\x1b]0;title\x07text', 'text', 0],
  ['no movement of the cursor', '\x1b[2K\x1b[1Gtext\x1b[?25h', 'text', 0],
  ['no bells', 'a\x07b', 'ab', 0],
  ['bytes that are not UTF-8 as marks', 'a', 'a', 0],
])('a line shows %s', (_, line, shown, repaints) => {
  expect(textOfLine(bytesOf(line))).toBe(shown);
  expect(read(line).repaints).toBe(repaints);
});

test('colours of 16, 256 and 24 bits and styles are told apart', () => {
  const { segments } = read('\x1b[31ma\x1b[94mb\x1b[38;5;208mc\x1b[38;2;1;2;3md\x1b[48:5:17me\x1b[1;3mf\x1b[22mg\x1b[0;7mh');
  expect(segments.map(({ text, style }) => [text, style.foreground, style.background, style.flags])).toEqual([
    ['a', 1, null, 0],
    ['b', 12, null, 0],
    ['c', 208, null, 0],
    ['d', 0x1010203, null, 0],
    ['e', 0x1010203, 17, 0],
    ['f', 0x1010203, 17, BOLD | ITALIC],
    ['g', 0x1010203, 17, ITALIC],
    ['h', null, null, INVERSE],
  ]);
});

test.each([
  [1, undefined],
  [16, 'rgb(0 0 0)'],
  [208, 'rgb(255 135 0)'],
  [231, 'rgb(255 255 255)'],
  [232, 'rgb(8 8 8)'],
  [0x10a0b0c, '#0a0b0c'],
])('colour %s is %s', (color, css) => expect(cssColor(color)).toBe(css));

test('links are those of the web, marked or not, and no others', () => {
  const links = (text: string) => read(text).segments.flatMap(({ href, text: shown }) => (href === undefined ? [] : [[shown, href]]));
  expect(links('\x1b]8;id=1;https://example.org/a\x1b\\docs\x1b]8;;\x1b\\ more')).toEqual([['docs', 'https://example.org/a']]);
  expect(links('see https://example.org/x?y=1, or http://b.example.')).toEqual([
    ['https://example.org/x?y=1', 'https://example.org/x?y=1'],
    ['http://b.example', 'http://b.example'],
  ]);
  expect(links('\x1b]8;;javascript:alert(1)\x07click\x1b]8;;\x07 file:///etc/passwd')).toEqual([]);
});

test('a line that is too long is cut, and says by how much', () => {
  const { segments, cut } = read('x'.repeat(6000));
  expect([segments[0]?.text.length, cut]).toEqual([5000, 1000]);
});

test('nothing that a command writes can break it, and no control character is shown', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const shown = readLine(bytes).segments.map(({ text }) => text);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(shown.join('')).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f]/);
    }),
  );
  expect(texts('\x1b[')).toEqual([]);
});

test('what SGR does not know changes nothing', () => {
  expect(applySgr(plainStyle, '38;5;999')).toEqual(plainStyle);
  expect(applySgr(plainStyle, '38')).toEqual(plainStyle);
  expect(applySgr(plainStyle, '73;108')).toEqual(plainStyle);
});

test('many lines at once are read as each by itself', () => {
  const line = fc
    .array(fc.constantFrom('a', '\x1b[31m', '\r', '\x1b[K', 'ü', '\x1b]8;;https://x.example\x1b\\', ' '))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), (lines) => {
      expect(textOfLines(bytesOf(`${lines.join('\n')}\n`))).toEqual(lines.map((each) => textOfLine(bytesOf(`${each}\n`))));
    }),
  );
});
