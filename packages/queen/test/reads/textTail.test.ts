import { expect, test } from '@jest/globals';
import { textTail } from '../../src/reads/textTail.js';

const bytes = Buffer.from('a€😀z');

test.each([
  ['from the first byte', 0, { text: 'a€😀z', from: 0 }],
  ['at a border of characters', 1, { text: '€😀z', from: 1 }],
  ['one byte into a character of three', 2, { text: '😀z', from: 4 }],
  ['two bytes into it', 3, { text: '😀z', from: 4 }],
  ['three bytes into a character of four', 7, { text: 'z', from: 8 }],
  ['at the end', 9, { text: '', from: 9 }],
])('an output cut %s', (_, from, expected) => {
  expect(textTail(bytes.subarray(from), from)).toEqual(expected);
});

test('bytes that are no UTF-8 are kept, each shown as the replacement character', () => {
  expect(textTail(Uint8Array.of(0x80, 0x41), 0)).toEqual({ text: '\ufffdA', from: 0 });
  expect(textTail(Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x41), 10)).toEqual({ text: '\ufffdA', from: 13 });
});

test('a byte order mark is output like any other', () => {
  expect(textTail(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41), 0)).toEqual({ text: '\ufeffA', from: 0 });
});
