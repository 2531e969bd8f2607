import { once } from 'node:events';
import { get } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ErrorAnswer, OutputIndex, SearchEnd, SearchHit } from '@skep/protocol';
import type { Socket } from 'socket.io-client';
import { ask, startQueen, submit, type TestQueen, until } from '../helpers/startQueen.js';

let queen: TestQueen;
let drone: Socket;
beforeAll(async () => {
  queen = await startQueen();
  drone = await queen.drone('d', 100);
});
afterAll(async () => queen[Symbol.asyncDispose]());

/** A job that runs and has written this; the address of its output. */
async function written(...outputs: [command: number, stream: 'stdout' | 'stderr', text: string][]): Promise<string> {
  const assigned = new Promise<void>((resolve) => drone.once('queue:new', () => resolve()));
  const id = await submit(queen.url);
  await assigned;
  drone.emit('job:started', id, 1);
  for (const num of new Set(outputs.map(([command]) => command))) drone.emit('job:cmd:start', id, num, 'make');
  for (const [command, stream, text] of outputs) drone.emit(`job:cmd:${stream}`, id, command, text);
  const bytes = outputs.reduce((sum, [, , text]) => sum + Buffer.byteLength(text), 0);
  await until(
    () => ask(`${queen.url}/api/jobs/${id}`),
    ({ json }) => (json as { output: { bytes: number } }).output.bytes === bytes,
  );
  return `${queen.url}/api/jobs/${id}/output`;
}

async function search(output: string, query: Record<string, string>) {
  const { status, text, json } = await ask(`${output}/search?${new URLSearchParams(query)}`);
  if (status !== 200) return { status, error: ErrorAnswer.parse(json).error, hits: [], end: undefined };
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  const last = lines.pop() ?? {};
  const hits = lines.map((line) => SearchHit.parse(line));
  if ('error' in last) return { status, error: ErrorAnswer.parse(last).error, hits, end: undefined };
  return { status, error: undefined, hits, end: SearchEnd.parse(last) };
}

describe('searching output', () => {
  let output: string;
  beforeAll(async () => {
    output = await written(
      [0, 'stdout', 'one\nTwo (2)\n'],
      [1, 'stderr', '\u001b[31mtwo\u001b[0m and two\nthree'],
      [2, 'stdout', ' four\ntwo\n'],
    );
  });

  test('gives each line that matches, by the numbers that lines of the output have', async () => {
    const { hits, end } = await search(output, { q: 'two' });
    expect(hits).toEqual([
      { line: 2, command: 0, stream: 'stdout', text: 'Two (2)', column: 1 },
      { line: 3, command: 1, stream: 'stderr', text: 'two and two', column: 1 },
      { line: 5, command: 2, stream: 'stdout', text: 'two', column: 1 },
    ]);
    expect(end).toEqual({ end: true, hits: 3, lines: 5, commands: { 0: 1, 1: 1, 2: 1 } });
    for (const { line, text } of hits)
      expect((await ask(`${output}?lines=${line}-${line}`)).text.replaceAll('\u001b[31m', '').replaceAll('\u001b[0m', '')).toBe(
        `${text}\n`,
      );
  });

  test.each<[string, Record<string, string>, number[]]>([
    ['by case', { q: 'two', case: '' }, [3, 5]],
    ['by expression', { q: '^t.*o$', regex: '1' }, [3, 5]],
    ['as plain text, whatever it holds', { q: '(2)' }, [2]],
    ['within one command', { q: 't', command: '1' }, [3, 4]],
    ['from a line on', { q: 'two', from: '3' }, [3, 5]],
    ['over the pieces of a line', { q: 'three four' }, [4]],
    ['and finds nothing', { q: 'zwei' }, []],
  ])('%s', async (_, query, lines) => expect((await search(output, query)).hits.map(({ line }) => line)).toEqual(lines));

  test('gives no more than asked for, and says where to go on', async () => {
    const first = await search(output, { q: 'two', limit: '1', count: '0' });
    expect(first).toMatchObject({ hits: [{ line: 2 }], end: { hits: 1, lines: 2, next: 3 } });
    expect(await search(output, { q: 'two', limit: '1' })).toMatchObject({ end: { hits: 3, lines: 5, next: 3 } });
  });

  test.each<[string, Record<string, string>, number, RegExp]>([
    ['nothing', { q: '' }, 400, /query/],
    ['no expression', { q: '(', regex: '' }, 400, /Unterminated group|Invalid regular/],
    ['an attempt that is not there', { q: 'a', attempt: '9' }, 404, /no attempt 9/],
    ['what lies beyond the end', { q: 'a', from: '99' }, 416, /after the end/],
  ])('for %s is refused', async (_, query, status, message) =>
    expect(await search(output, query)).toMatchObject({ status, error: { message: expect.stringMatching(message) } }),
  );

  test('goes on with what was written since', async () => {
    const growing = await written([0, 'stdout', 'a\nb']);
    const { end } = await search(growing, { q: 'a' });
    const id = growing.split('/').at(-2);
    drone.emit('job:cmd:stdout', id, 0, 'a\na\n');
    const found = await until(
      () => search(growing, { q: 'a', from: String((end?.lines ?? 0) + 1) }),
      ({ hits }) => hits.length > 0,
    );
    expect(found.hits.map(({ line, text }) => [line, text])).toEqual([
      [2, 'ba'],
      [3, 'a'],
    ]);
  });
});

test('an expression without an end is given up, and the queen serves others all the while', async () => {
  const output = await written([0, 'stdout', `first x\n${'a'.repeat(60)}!\n`]);
  const asked = search(output, { q: '(a+)+$|x', regex: '' });
  let slowest = 0;
  let isSettled = false;
  void asked.finally(() => {
    isSettled = true;
  });
  while (!isSettled) {
    const begun = performance.now();
    expect((await ask(`${queen.url}/healthz`)).status).toBe(200);
    slowest = Math.max(slowest, performance.now() - begun);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(await asked).toMatchObject({
    status: 200,
    error: { code: 'SEARCH_TOO_SLOW', message: expect.stringMatching(/come to line 1/), hint: expect.stringMatching(/simpler/) },
  });
  expect(slowest).toBeLessThan(3000);
}, 20_000);

test('searches that nobody waits for any more end, and make room for others', async () => {
  const output = await written([0, 'stdout', `${'a'.repeat(60)}!\n`]);
  for (let round = 0; round < 20; round++) {
    const asked = get(`${output}/search?regex=1&q=${encodeURIComponent('(a+)+$')}`, { agent: false });
    const [answer] = await once(asked, 'response');
    asked.on('error', () => {});
    answer.destroy();
  }
  expect(await search(output, { q: '!' })).toMatchObject({ end: { hits: 1 } });
}, 20_000);

describe('the errors in an output', () => {
  test('are known once it grows no more: where they are, of which kind, and the first of each command', async () => {
    const output = await written(
      [0, 'stdout', `fine\n${'error: first\n'.repeat(1001)}`],
      [1, 'stderr', '\u001b[31mTypeError:\u001b[0m second\nfine\n3 failed\n'],
      [2, 'stdout', 'fine\n'],
    );
    const errors = async (query = '?errors') => OutputIndex.parse((await ask(`${output}/index${query}`)).json).errors;
    expect(await errors()).toBeUndefined();
    const [, id = ''] = /jobs\/([^/]+)/.exec(output) ?? [];
    drone.emit('job:done', id, 2);
    await until(
      () => ask(`${output}/index`),
      ({ json }) => OutputIndex.parse(json).output.state === 'complete',
    );
    expect(await errors('')).toBeUndefined();
    const known = await errors();
    expect(known?.commands).toEqual({
      0: { lines: 1001, first: 2, text: 'error: first' },
      1: { lines: 2, first: 1003, text: 'TypeError: second' },
    });
    expect([known?.lines, known?.marks.length, known?.marks.at(-1)]).toEqual([1003, 1000, { line: 1001, matcher: 'message' }]);
    expect(await errors()).toEqual(known);
  });
});
