import { expect, test } from '@jest/globals';
import type { JobSummary } from '@skep/protocol';
import type { EventRun, StoredEvent } from '@skep/store';
import { Recent } from '../../src/gateway/Recent.js';

const CHUNK = 64 * 1024;

const aRun = (cursor: number, count: number, bytes = 0): EventRun => ({
  attempt: 1,
  cursor,
  events: Array.from(
    { length: count },
    (_, index): StoredEvent => ({
      seq: cursor + index,
      at: 0,
      name: 'job:started',
      args: [cursor + index],
      output: bytes > 0 ? { command: 0, stream: 'stdout', bytes: new Uint8Array(bytes) } : null,
      firstByte: 0,
      firstLine: 0,
      lines: 0,
    }),
  ),
});
const aSummary = (id: string, status: string) => ({ id, status }) as JobSummary;

/** Where the events lie that are kept from a cursor on. */
const kept = (recent: Recent, cursor: number, id = 'j'): number[] | undefined => recent.from(id, cursor)?.events.map(({ seq }) => seq);

test('what was told lately is there from any cursor, and nothing that was not', () => {
  const recent = new Recent(() => 0);
  expect(kept(recent, 0)).toBeUndefined();
  recent.heard('j', aRun(10, 2));
  recent.heard('j', aRun(12, 3));
  expect([9, 10, 11, 12, 14, 15].map((cursor) => kept(recent, cursor))).toEqual([undefined, [10, 11], [11], [12, 13, 14], [14], undefined]);
  expect(recent.from('j', 11)).toMatchObject({ attempt: 1, cursor: 11 });
  expect(kept(recent, 10, 'other')).toBeUndefined();
});

test('events that do not follow take the place of those before', () => {
  const recent = new Recent(() => 0);
  recent.heard('j', aRun(0, 4));
  recent.heard('j', aRun(6, 1));
  expect([0, 6].map((cursor) => kept(recent, cursor))).toEqual([undefined, [6]]);
});

test('of a job that prints much only the newest is kept, and of many jobs those heard last', () => {
  const recent = new Recent(() => 0);
  for (let n = 0; n < 100; n++) recent.heard('j', aRun(n, 1, CHUNK));
  expect([0, 60, 99].map((cursor) => kept(recent, cursor))).toEqual([undefined, undefined, [99]]);
  expect(kept(recent, 75)).toEqual([75]);
  for (let n = 0; n < 20; n++) for (let cursor = 0; cursor < 40; cursor++) recent.heard(`job-${n}`, aRun(cursor, 1, CHUNK));
  expect(kept(recent, 99)).toBeUndefined();
  expect(kept(recent, 39, 'job-1')).toBeUndefined();
  expect(kept(recent, 39, 'job-19')).toEqual([39]);
});

test('a job that is over is known for a moment, unless another of its id comes', () => {
  let now = 0;
  const recent = new Recent(() => now);
  recent.heard('j', aRun(0, 1));
  recent.changed(aSummary('j', 'running'));
  expect(recent.done('j')).toBeUndefined();
  recent.changed(aSummary('j', 'done'));
  expect(recent.done('j')).toEqual(aSummary('j', 'done'));
  expect(kept(recent, 0)).toEqual([0]);
  recent.changed(aSummary('j', 'queued'));
  expect([recent.done('j'), kept(recent, 0)]).toEqual([undefined, undefined]);
  recent.changed(aSummary('j', 'done'));
  now = 1001;
  expect(recent.done('j')).toBeUndefined();
  recent.heard('other', aRun(0, 1));
  now = 2002;
  recent.heard('third', aRun(0, 1));
  expect(kept(recent, 0, 'other')).toBeUndefined();
});
