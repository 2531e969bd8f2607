import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type AttemptRecord, openSqliteStore, type Store, type StoredEvent } from '@skep/store';
import { aJob, anAttempt, aState } from '@skep/store/samples';
import { createReader, type JobReader } from '../../src/reads/JobReader.js';
import { LastLines } from '../../src/reads/LastLines.js';
import type { OutputChunk, OutputRequest } from '../../src/reads/output.js';

/** Tells of changes when the test says so. */
class TestHub {
  readonly listeners = new Set<() => void>();
  subscribe(_jobId: string, listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

type Written = [command: number, stream: 'stdout' | 'stderr', text: string];

let dataDir: string;
let store: Store;
let hub: TestHub;
let reader: JobReader;
/** The latest attempt, as the next write continues it. */
let attempt: AttemptRecord;

let jobId = '';
let lastJob = 0;
let lastLease = 0;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'skep-output-'));
  store = await openSqliteStore({ dataDir });
  hub = new TestHub();
  reader = createReader({ store, hub, lines: new LastLines(), desk: { waiting: () => null, usual: () => undefined } });
});

beforeEach(async () => {
  jobId = `j${++lastJob}`;
  await store.commit([{ type: 'job', record: aJob(jobId) }]);
});

afterAll(async () => {
  await store.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function begin(number = 1): Promise<void> {
  const firstCursor = number === 1 ? 0 : attempt.firstCursor + attempt.events;
  attempt = anAttempt(jobId, ++lastLease, { attempt: number, firstCursor });
  await store.commit([{ type: 'attempt', record: attempt }]);
}

/** Adds an event without output, and one for each piece of it. */
async function write(...pieces: Written[]): Promise<void> {
  const { events: seq, outputBytes, outputLines } = attempt;
  const place = { firstByte: outputBytes, firstLine: outputLines, lines: 0 };
  const events: StoredEvent[] = [{ seq, at: 5, name: 'job:progress', args: [1], output: null, ...place }];
  for (const [command, stream, text] of pieces) {
    const bytes = Buffer.from(text);
    const lines = text.split('\n').length - 1;
    events.push({
      seq: seq + events.length,
      at: 5,
      name: `job:cmd:${stream}`,
      args: [command],
      output: { command, stream, bytes },
      ...place,
      lines,
    });
    place.firstByte += bytes.length;
    place.firstLine += lines;
  }
  attempt = { ...attempt, events: seq + events.length, outputBytes: place.firstByte, outputLines: place.firstLine };
  await store.commit([
    { type: 'events', jobId, attempt: attempt.attempt, events },
    { type: 'attempt', record: attempt },
  ]);
  hub.tell();
}

async function endAttempt(): Promise<void> {
  attempt = { ...attempt, endedAt: 9, outputState: 'complete' };
  await store.commit([{ type: 'attempt', record: attempt }]);
  hub.tell();
}

async function endJob(): Promise<void> {
  await store.commit([{ type: 'job-state', id: jobId, state: aState({ status: 'done', outcome: 'passed' }) }]);
  hub.tell();
}

async function chunks(request: Partial<OutputRequest> = {}, signal = new AbortController().signal): Promise<OutputChunk[]> {
  const all: OutputChunk[] = [];
  const output = await reader.output(jobId, { follow: false, ...request });
  for await (const page of output.pages(signal)) all.push(...page);
  return all;
}

const textOf = (read: OutputChunk[]): string => Buffer.concat(read.map(({ bytes }) => bytes)).toString();
const read = async (request: Partial<OutputRequest> = {}): Promise<string> => textOf(await chunks(request));

describe('of two attempts', () => {
  beforeEach(async () => {
    await begin();
    await write([0, 'stdout', 'old 1\n']);
    await endAttempt();
    await begin(2);
    await write([0, 'stdout', 'one\ntwo\nth'], [0, 'stderr', 'oops\n'], [1, 'stdout', 'ree\nfour']);
  });

  test.each<[string, Partial<OutputRequest>, string]>([
    ['without a word, the latest', {}, 'one\ntwo\nthoops\nree\nfour'],
    ['an attempt by its number', { attempt: 1 }, 'old 1\n'],
    ['from a cursor on, through all attempts', { cursor: 0 }, 'old 1\none\ntwo\nthoops\nree\nfour'],
    ['from a cursor within the latest', { cursor: 4 }, 'oops\nree\nfour'],
    ['from a cursor, of one attempt only', { cursor: 0, attempt: 2 }, 'one\ntwo\nthoops\nree\nfour'],
    ['from a cursor beyond the end', { cursor: 99 }, ''],
    ['a command', { command: 1 }, 'ree\nfour'],
    ['a stream', { stream: 'stderr' }, 'oops\n'],
    ['a command that there is not', { command: 7 }, ''],
    ['lines', { lines: '2-3' }, 'two\nthoops\n'],
    ['the last line, which has no end', { lines: '5-5' }, 'four'],
    ['lines to the end', { lines: '4-' }, 'ree\nfour'],
    ['lines of an earlier attempt', { attempt: 1, lines: '1-1' }, 'old 1\n'],
    ['bytes', { bytes: '4-9' }, 'two\nth'],
    ['bytes across events', { bytes: '8-12' }, 'thoop'],
    ['bytes to the end', { bytes: '19-' }, 'four'],
    ['bytes from the very end', { bytes: '23-' }, ''],
    ['bytes of one stream', { bytes: '8-16', stream: 'stdout' }, 'thre'],
  ])('%s', async (_, request, expected) => {
    expect(await read(request)).toBe(expected);
  });

  test.each<[Partial<OutputRequest>, string]>([
    [{ attempt: 3 }, 'ATTEMPT_NOT_FOUND'],
    [{ attempt: 0 }, 'ATTEMPT_NOT_FOUND'],
    [{ bytes: '24-' }, 'RANGE_NOT_SATISFIABLE'],
    [{ lines: '6-' }, 'RANGE_NOT_SATISFIABLE'],
    [{ lines: '0-3' }, 'INVALID_MESSAGE'],
  ])('%j is refused: %s', async (request, code) => {
    await expect(read(request)).rejects.toMatchObject({ code });
  });

  test('each chunk says where it stands', async () => {
    expect(await chunks({ lines: '2-4' })).toEqual([
      { cursor: 3, attempt: 2, command: 0, stream: 'stdout', at: 5, firstByte: 4, firstLine: 1, lines: 1, bytes: Buffer.from('two\nth') },
      { cursor: 4, attempt: 2, command: 0, stream: 'stderr', at: 5, firstByte: 10, firstLine: 2, lines: 1, bytes: Buffer.from('oops\n') },
      { cursor: 5, attempt: 2, command: 1, stream: 'stdout', at: 5, firstByte: 15, firstLine: 3, lines: 1, bytes: Buffer.from('ree\n') },
    ]);
  });

  test('what is not followed ends where the job stood when it was found', async () => {
    const output = await reader.output(jobId, { follow: false });
    await write([1, 'stdout', ' and more']);
    const all: OutputChunk[] = [];
    for await (const page of output.pages(new AbortController().signal)) all.push(...page);
    expect([textOf(all), output.bytes, output.cursor]).toEqual(['one\ntwo\nthoops\nree\nfour', 23, 6]);
    expect(await read({ cursor: output.cursor })).toBe(' and more');
  });
});

describe('followed', () => {
  test('a job is followed from before its first attempt, through a retry, to its end', async () => {
    const all = read({ follow: true });
    await begin();
    await write([0, 'stdout', 'a']);
    await endAttempt();
    await begin(2);
    await write([0, 'stdout', 'b']);
    await endAttempt();
    await write([0, 'stdout', 'c']);
    await endJob();
    expect(await all).toBe('abc');
    expect(hub.listeners.size).toBe(0);
  });

  test('one attempt is followed to its own end', async () => {
    await begin();
    const all = read({ follow: true, attempt: 1 });
    await write([0, 'stdout', 'a']);
    await endAttempt();
    expect(await all).toBe('a');
  });

  test('a range is followed until all of it was written', async () => {
    await begin();
    const all = read({ follow: true, lines: '2-3' });
    await write([0, 'stdout', 'one\ntw']);
    await write([0, 'stdout', 'o\nthree\nfo']);
    expect(await all).toBe('two\nthree\n');
  });

  test('who leaves is no longer told of anything, and nothing more is read for them', async () => {
    await begin();
    const leaving = new AbortController();
    const all = chunks({ follow: true }, leaving.signal);
    await write([0, 'stdout', 'a']);
    leaving.abort();
    await all;
    expect(hub.listeners.size).toBe(0);
  });

  test('a follower of a job that is done gets all and is not kept', async () => {
    await begin();
    await write([0, 'stdout', 'a']);
    await endAttempt();
    await endJob();
    expect(await read({ follow: true })).toBe('a');
  });
});

test('a job that never ran has no output, and one that there is not is not found', async () => {
  expect(await read()).toBe('');
  await expect(reader.output('k', { follow: false })).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
  await expect(reader.info('k')).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
  await expect(reader.summary('k')).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
});

test('a large output is read in pages of at most 256 KiB, and each only when it is asked for', async () => {
  await begin();
  const line = `${'x'.repeat(64 * 1024 - 1)}\n`;
  for (let count = 0; count < 8; count++) await write([0, 'stdout', line], [0, 'stdout', line]);
  const output = await reader.output(jobId, { follow: false });
  const sizes: number[] = [];
  for await (const page of output.pages(new AbortController().signal)) sizes.push(page.reduce((sum, { bytes }) => sum + bytes.length, 0));
  expect(sizes.reduce((a, b) => a + b)).toBe(16 * 64 * 1024);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(256 * 1024);
  expect(await read({ lines: '16-16' })).toBe(line);
});
