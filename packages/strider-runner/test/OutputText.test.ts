import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OutputText } from '../src/OutputText.js';

test('the text of a command is the same however its bytes are cut', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.nat(8)), (text, cuts) => {
      const output = new OutputText();
      const bytes = Buffer.from(text);
      const said: unknown[] = [];
      let from = 0;
      for (const size of [...cuts, bytes.length]) {
        said.push(output.of({ name: 'job:cmd:stdout', args: [0, bytes.subarray(from, from + size)] }).args[1]);
        from += size;
      }
      for (const { args } of output.end(0)) said.push(args[1]);
      expect(said.join('')).toBe(text);
    }),
  );
});

test('a character of which the rest never comes is shown as unknown', () => {
  const output = new OutputText();
  expect(output.of({ name: 'job:cmd:stderr', args: [1, Uint8Array.of(0xc3)] }).args).toEqual([1, '']);
  expect(output.end(1)).toEqual([{ name: 'job:cmd:stderr', args: [1, '\ufffd'] }]);
});
