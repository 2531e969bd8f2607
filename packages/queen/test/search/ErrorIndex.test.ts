import { expect, test } from '@jest/globals';
import type { OutputIndex } from '@skep/protocol';
import { ErrorIndex } from '../../src/search/ErrorIndex.js';
import type { SearchNews } from '../../src/search/Searches.js';

/** An index over outputs in which line 3 tells of an error, and which of them were searched. */
function anIndex(bytes: number, fail: () => boolean = () => false) {
  const searched: string[] = [];
  const outputOf = (): OutputIndex => ({ attempt: 1, output: { bytes, lines: 9, state: 'complete', sha256: 'x' } });
  const find = async (id: string) => {
    searched.push(id);
    if (fail()) throw new Error('too many');
    return async function* (): AsyncGenerator<SearchNews, void, void> {
      yield [{ line: 3, command: 0, stream: 'stdout', text: 'error: no', column: 1 }];
      yield { end: true, hits: 1, lines: 9, commands: { 0: 1 } };
    };
  };
  const index = new ErrorIndex({ find }, { outputIndex: async () => outputOf() });
  return { index, searched, of: (id: string) => index.of(id, outputOf()) };
}

const found = { lines: 1, commands: { 0: { lines: 1, first: 3, text: 'error: no' } }, marks: [{ line: 3, matcher: 'message' }] };

test('an output is searched once, also for those who ask at the same time', async () => {
  const { of, searched } = anIndex(10);
  expect(await Promise.all([of('a'), of('a')])).toEqual([found, found]);
  expect(await of('a')).toEqual(found);
  expect(searched).toEqual(['a']);
});

test('one that could not be searched is searched again', async () => {
  let isBusy = true;
  const { of, searched } = anIndex(10, () => isBusy);
  await expect(of('a')).rejects.toThrow('too many');
  isBusy = false;
  expect(await of('a')).toEqual(found);
  expect(searched).toEqual(['a', 'a']);
});

test('of a job that failed it is known before anybody asks, where there is much of it', async () => {
  const large = anIndex(2_000_000);
  for (let n = 0; n < 15; n++) large.index.prepare(`job-${n}`);
  await large.of('job-9');
  await new Promise(setImmediate);
  // Ten wait at the most.
  expect(large.searched.toSorted()).toEqual(Array.from({ length: 10 }, (_, n) => `job-${n}`).toSorted());
  const small = anIndex(1000);
  small.index.prepare('a');
  await new Promise(setImmediate);
  expect(small.searched).toEqual([]);
});

test('those asked for longest ago are forgotten', async () => {
  const { of, searched } = anIndex(10);
  for (let n = 0; n < 101; n++) await of(`job-${n}`);
  await of('job-100');
  await of('job-0');
  expect(searched).toHaveLength(102);
});
