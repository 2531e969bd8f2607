import { expect, test } from '@jest/globals';
import { LineStore } from '../../src/output/LineStore.js';
import { patternOf, Search } from '../../src/output/Search.js';

function stored(text: string): LineStore {
  const store = new LineStore();
  store.append({ bytes: new TextEncoder().encode(text), command: 0, stream: 'stdout', at: 0 });
  return store;
}

function found(pattern: RegExp, text: string): number[] {
  const search = new Search(pattern);
  search.advance(stored(text), 1000, true);
  return Array.from({ length: search.count }, (_, hit) => search.lineOf(hit));
}

const output = 'one\nTwo (a+b)\nthree \x1b[31mr\x1b[0med\nlast one';

test.each([
  ['literally, in any case', { text: 'two (A+B)', isRegex: false, isCaseSensitive: false }, [1]],
  ['in this case', { text: 'two', isRegex: false, isCaseSensitive: true }, []],
  ['by expression', { text: '^t.*e', isRegex: true, isCaseSensitive: false }, [2]],
  ['across colours', { text: 'red', isRegex: false, isCaseSensitive: false }, [2]],
  ['in a last line without an end', { text: 'one', isRegex: false, isCaseSensitive: false }, [0, 3]],
])('lines are found %s', (_, query, lines) => expect(found(patternOf(query), output)).toEqual(lines));

test('a wrong expression is said to be one', () => {
  expect(() => patternOf({ text: '(', isRegex: true, isCaseSensitive: false })).toThrow(SyntaxError);
});

test('it goes on with what comes later, and counts within lines', () => {
  const store = stored('x\ny\n');
  const search = new Search(/x/);
  search.advance(store, 1000, false);
  store.append({ bytes: new TextEncoder().encode('x\nx'), command: 0, stream: 'stdout', at: 0 });
  search.advance(store, 1000, false);
  expect([search.count, search.countWithin(0, 2), search.countWithin(1, 3)]).toEqual([2, 1, 1]);
  search.advance(store, 1000, true);
  expect([search.count, search.lastUpTo(2), search.isDone(store)]).toEqual([3, 1, true]);
});
