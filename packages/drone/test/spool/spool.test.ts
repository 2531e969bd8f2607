import { createHash } from 'node:crypto';
import { appendFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { AttemptEvent, PackedEvent } from '@skep/protocol';
import fc from 'fast-check';
import { FileSpool } from '../../src/spool/FileSpool.js';
import { MemorySpool } from '../../src/spool/MemorySpool.js';
import type { Spool } from '../../src/spool/Spool.js';
import { SpoolWriter } from '../../src/spool/SpoolWriter.js';
import { spoolPath } from '../../src/spool/spoolFiles.js';
import { outputIn, TempFolder } from '../helpers/waiting.js';

const header = { id: 'a:b@c~1', attempt: 2, lease: 7, assigned: 1000, received: 2000 };
const out = (bytes: Uint8Array | string, num = 0): AttemptEvent => ({ name: 'job:cmd:stdout', args: [num, bytes] });

/** Everything of a spool, read in runs of about so many bytes. */
function readAll(spool: Spool, maxBytes = 64 * 1024): { events: PackedEvent[]; end: unknown } {
  const events: PackedEvent[] = [];
  for (;;) {
    const run = spool.read(maxBytes);
    expect(run.seq).toBe(events.length);
    events.push(...run.events);
    if (run.end || run.events.length === 0) return { events, end: run.end };
  }
}

describe('a spool file', () => {
  test('gives back every event and every byte of random output, read in runs of any size, from any seq', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.uint8Array({ maxLength: 3000 }), fc.string({ unit: 'grapheme', maxLength: 300 })), { maxLength: 40 }),
        fc.integer({ min: 1, max: 9000 }),
        fc.nat(40),
        (chunks, maxBytes, from) => {
          using folder = new TempFolder();
          const path = join(folder.path, 'x.spool');
          const writer = SpoolWriter.create(path, header);
          for (const [n, chunk] of chunks.entries()) writer.append(n, out(chunk, n));
          writer.end();
          writer.close();
          const spool = FileSpool.open(path)!;
          const whole = Buffer.concat(chunks.map((chunk) => Buffer.from(chunk as string)));
          const { events, end } = readAll(spool, maxBytes);
          expect(events.map(([at, name, num]) => [at, name, num])).toEqual(chunks.map((_, n) => [n, 'job:cmd:stdout', n]));
          expect(Buffer.concat(events.map(outputIn)).equals(whole)).toBe(true);
          expect(end).toEqual({ events: chunks.length, sha256: createHash('sha256').update(whole).digest('hex') });
          const seq = Math.min(from, chunks.length);
          spool.seek(seq);
          const again = spool.read(Number.MAX_SAFE_INTEGER);
          expect([again.seq, again.events, again.end]).toEqual([seq, events.slice(seq), end]);
          spool.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  test('is read while it grows, and does not give a record that is not whole', () => {
    using folder = new TempFolder();
    const path = join(folder.path, 'x.spool');
    const writer = SpoolWriter.create(path, header);
    const spool = FileSpool.open(path)!;
    expect(spool.unread()).toBe(0);
    writer.append(1, out('one'));
    expect(spool.read(1000).events).toEqual([[1, 'job:cmd:stdout', 0, 'one']]);
    appendFileSync(path, Buffer.from([200, 0, 0, 0, 5, 0]));
    expect(spool.read(1000)).toMatchObject({ seq: 1, events: [] });
    // The writer's next record lies where the torn one began, as after a disk that was full for a while.
    writer.append(2, out('two'));
    expect(spool.read(1000).events).toEqual([[2, 'job:cmd:stdout', 0, 'two']]);
    spool.close();
    writer.close();
  });

  test('that was cut at any byte is taken over with every whole event, its hash, and nothing else', async () => {
    using folder = new TempFolder();
    const path = join(folder.path, 'x.spool');
    const sizes: number[] = [];
    const writer = SpoolWriter.create(path, header);
    const headerBytes = statSync(path).size;
    for (let n = 0; n < 5; n++) {
      writer.append(n, out(`line ${n}\n`));
      sizes.push(statSync(path).size);
    }
    writer.close();
    for (let size = statSync(path).size; size >= 0; size--) {
      truncateSync(path, size);
      const successor = await SpoolWriter.takeOver(path);
      if (size < headerBytes) {
        expect(successor).toBeUndefined();
        continue;
      }
      const whole = sizes.filter((each) => each <= size).length;
      expect([successor?.events, successor?.ended]).toEqual([whole, false]);
      successor?.close();
    }
  });

  test('that was taken over ends with the hash of all of its output', async () => {
    using folder = new TempFolder();
    const path = join(folder.path, 'x.spool');
    const first = SpoolWriter.create(path, header);
    first.append(0, out('before '));
    first.close();
    appendFileSync(path, Buffer.from([9, 0, 0, 0]));
    const second = (await SpoolWriter.takeOver(path))!;
    second.append(1, out('after'));
    second.end();
    second.close();
    const { events, end } = readAll(FileSpool.open(path)!);
    expect(events).toHaveLength(2);
    expect(end).toEqual({ events: 2, sha256: createHash('sha256').update('before after').digest('hex') });
  });

  test('without a whole header is none', () => {
    using folder = new TempFolder();
    const path = join(folder.path, 'x.spool');
    writeFileSync(path, 'x');
    expect(FileSpool.open(path)).toBeUndefined();
  });

  test('sends output as text where it is short text, else as bytes', () => {
    using folder = new TempFolder();
    const path = join(folder.path, 'x.spool');
    const writer = SpoolWriter.create(path, header);
    for (const bytes of [Buffer.from('é'), Buffer.from([0xff]), Buffer.alloc(2000, 'a')]) writer.append(0, out(bytes));
    writer.close();
    const sent = FileSpool.open(path)!
      .read(1e6)
      .events.map((event) => event[3]);
    expect(sent.map((each) => typeof each === 'string')).toEqual([true, false, false]);
  });

  test('refuses an event that no frame can carry, and stays whole', () => {
    using folder = new TempFolder();
    const path = join(folder.path, 'x.spool');
    const writer = SpoolWriter.create(path, header);
    expect(() => writer.append(0, { name: 'job:result', args: ['x'.repeat(5_000_000)] })).toThrow(
      expect.objectContaining({ code: 'PAYLOAD_TOO_LARGE' }),
    );
    writer.append(0, out('x'));
    expect(FileSpool.open(path)!.count()).toBe(1);
    writer.close();
  });

  test('has a name that a file system takes, whatever the id', () => {
    expect(spoolPath('/s', 'a:b@c~1', 3)).toBe('/s/a%3Ab%40c~1.3.spool');
    expect(spoolPath('', `a${':'.repeat(127)}`, 1).length).toBeLessThan(255);
  });
});

describe('a spool in memory', () => {
  test('gives the same runs as a file, and again from what is not confirmed', () => {
    const spool = new MemorySpool();
    for (let n = 0; n < 10; n++) spool.append(n, out(`line ${n}\n`));
    spool.end();
    const { events, end } = readAll(spool, 100);
    expect(events).toHaveLength(10);
    expect(end).toMatchObject({ events: 10 });
    expect(spool.unread()).toBe(0);
    spool.forget(4);
    spool.seek(4);
    expect(spool.unread()).toBeGreaterThan(0);
    expect(spool.read(1e6)).toMatchObject({ seq: 4, events: events.slice(4), end });
    expect(() => spool.seek(3)).toThrow(RangeError);
  });

  test('keeps values as they were, and takes the end of an attempt however full it is', () => {
    const spool = new MemorySpool();
    const value = { at: 1 };
    spool.append(0, { name: 'job:progress', args: [value] });
    value.at = 2;
    expect(spool.read(1e6).events).toEqual([[0, 'job:progress', { at: 1 }]]);
    const chunk = Buffer.alloc(1024 * 1024);
    expect(() => {
      for (let n = 0; n < 65; n++) spool.append(0, out(chunk));
    }).toThrow(expect.objectContaining({ code: 'OUTPUT_LIMIT' }));
    spool.append(0, { name: 'job:done', args: [1] });
  });
});
