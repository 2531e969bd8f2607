import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ErrorAnswer } from '@skep/protocol';
import type { Socket } from 'socket.io-client';
import { ask, startQueen, submit, type TestQueen, until } from '../helpers/startQueen.js';

let queen: TestQueen;
let drone: Socket;

beforeAll(async () => {
  queen = await startQueen();
  drone = await queen.drone('d');
});
afterAll(async () => {
  await queen[Symbol.asyncDispose]();
});

/** Submits a job that the drone has begun when this resolves; the address of its output. */
async function running(): Promise<{ id: string; output: string; say: (event: string, ...args: unknown[]) => void }> {
  const assigned = new Promise<string>((resolve) => drone.once('queue:new', ({ id }) => resolve(id)));
  const id = await submit(queen.url);
  await assigned;
  drone.emit('job:started', id, 1);
  drone.emit('job:cmd:start', id, 0, 'make');
  return { id, output: `${queen.url}/api/jobs/${id}/output`, say: (event, ...args) => drone.emit(event, id, ...args) };
}

async function finished(text: string): Promise<string> {
  const { id, output, say } = await running();
  say('job:cmd:stdout', 0, text);
  say('job:cmd:done', 0, 0);
  say('job:done', 2);
  await until(
    () => ask(`${queen.url}/api/jobs/${id}`),
    ({ json }) => (json as { status: string }).status === 'done',
  );
  return output;
}

describe('of a job that is done', () => {
  let output: string;
  beforeAll(async () => {
    output = await finished('0123456789\nzwölf\n');
  });

  test('is plain text, with its size and where the job stands', async () => {
    const { status, text, headers } = await ask(output);
    expect([status, text]).toEqual([200, '0123456789\nzwölf\n']);
    expect(headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-length': '18',
      'accept-ranges': 'bytes',
      etag: expect.stringMatching(/^"[0-9a-f]{64}"$/),
      'x-skep-cursor': '5',
    });
  });

  test.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/18'],
    ['bytes=11-', 206, 'zwölf\n', 'bytes 11-17/18'],
    ['bytes=-2', 206, 'f\n', 'bytes 16-17/18'],
    ['bytes=10-99', 206, '\nzwölf\n', 'bytes 10-17/18'],
    ['bytes=0-1,4-5', 200, '0123456789\nzwölf\n', undefined],
  ])('in the range %s is %d', async (range, status, text, contentRange) => {
    const answer = await ask(output, { headers: { range } });
    expect([answer.status, answer.text, answer.headers['content-range']]).toEqual([status, text, contentRange]);
    expect(answer.headers['content-length']).toBe(String(Buffer.byteLength(text)));
  });

  test('beyond its end is refused, with its size', async () => {
    const { status, json, headers } = await ask(output, { headers: { range: 'bytes=18-' } });
    expect([status, ErrorAnswer.parse(json).error.code, headers['content-range']]).toEqual([416, 'RANGE_NOT_SATISFIABLE', 'bytes */18']);
    expect((await ask(`${output}?bytes=19-`)).status).toBe(416);
  });

  test('in a range on a condition is given whole if it is another output than thought', async () => {
    const { etag = '' } = (await ask(output)).headers;
    expect((await ask(output, { headers: { range: 'bytes=0-0', 'if-range': etag } })).status).toBe(206);
    expect((await ask(output, { headers: { range: 'bytes=0-0', 'if-range': '"other"' } })).status).toBe(200);
  });

  test('by lines and bytes of the address', async () => {
    expect((await ask(`${output}?lines=2-2`)).text).toBe('zwölf\n');
    expect((await ask(`${output}?bytes=0-3`)).text).toBe('0123');
    expect((await ask(`${output}?command=1`)).text).toBe('');
    expect((await ask(`${output}?stream=stderr`)).text).toBe('');
    expect((await ask(`${output}?cursor=5`)).text).toBe('');
    expect((await ask(`${output}?follow`)).text).toBe('0123456789\nzwölf\n');
  });

  test('asked for by HEAD is described and not sent', async () => {
    const { status, text, headers } = await ask(output, { method: 'HEAD' });
    expect([status, text, headers['content-length']]).toEqual([200, '', '18']);
  });

  test('is packed for who takes that, but never in ranges or while following', async () => {
    const packed = await fetch(output, { headers: { 'accept-encoding': 'gzip' } });
    expect([packed.headers.get('content-encoding'), await packed.text()]).toEqual(['gzip', '0123456789\nzwölf\n']);
    for (const [query, headers] of [
      ['', { range: 'bytes=0-1' }],
      ['?follow', {}],
      ['', { 'accept-encoding': 'gzip;q=0' }],
    ] as const) {
      const answer = await ask(output + query, { headers: { 'accept-encoding': 'gzip', ...headers } });
      expect(answer.headers['content-encoding']).toBeUndefined();
    }
  });
});

test('as ndjson each chunk says where it stands, and bytes that are no text come as base64', async () => {
  const { id, output, say } = await running();
  say('job:cmd:stdout', 0, 'a\nb');
  say('job:cmd:stderr', 0, Buffer.from([0xff, 0x0a]));
  say('job:cmd:done', 0, 0);
  say('job:done', 2);
  const { text, headers } = await ask(`${output}?format=ndjson&follow`);
  expect(headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
  expect(
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { cursor: 2, command: 0, stream: 'stdout', firstLine: 0, lines: 1, firstByte: 0, at: expect.any(Number), text: 'a\nb' },
    { cursor: 3, command: 0, stream: 'stderr', firstLine: 1, lines: 1, firstByte: 3, at: expect.any(Number), base64: '/wo=' },
  ]);
  expect((await ask(`${queen.url}/api/jobs/${id}/output?cursor=3&format=ndjson`)).text).toContain('"cursor":3');
});

test('what a job writes reaches a follower while it runs, and the answer ends with the job', async () => {
  const { output, say } = await running();
  const asked = request(`${output}?follow`, { agent: false });
  asked.end();
  const [answer] = await once(asked, 'response');
  expect(answer.statusCode).toBe(200);
  answer.setEncoding('utf8');
  for (const line of ['one\n', 'two\n', 'three\n']) {
    const heard = once(answer, 'data');
    say('job:cmd:stdout', 0, line);
    expect((await heard)[0]).toBe(line);
  }
  const ended = once(answer, 'end');
  answer.resume();
  say('job:done', 2);
  await ended;
});

test('a growing output is given as far as it is, and not in ranges', async () => {
  const { id, output, say } = await running();
  say('job:cmd:stdout', 0, 'so far');
  const { headers, text, status } = await until(
    () => ask(output, { headers: { range: 'bytes=0-1' } }),
    (answer) => answer.text !== '',
  );
  expect([status, text, headers['accept-ranges']]).toEqual([200, 'so far', undefined]);
  await ask(`${queen.url}/api/jobs/${id}/cancel`, { method: 'POST' });
  say('job:done', 2);
});

test('a large output comes whole, packed and not, and a slow reader holds nobody up', async () => {
  const lines = Array.from({ length: 200_000 }, (_, n) => `line ${n}\n`).join('');
  const output = await finished(lines);
  const slow = request(output, { agent: false });
  slow.end();
  const [stalled] = await once(slow, 'response');
  stalled.pause();
  expect((await ask(output)).text === lines).toBe(true);
  expect((await (await fetch(output, { headers: { 'accept-encoding': 'gzip' } })).text()) === lines).toBe(true);
  expect((await ask(output, { headers: { range: 'bytes=1000000-1000099' } })).text).toBe(lines.slice(1_000_000, 1_000_100));
  slow.destroy();
});
