import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { StoredEvent } from '../records.js';
import type { Change, Store } from '../Store.js';
import { anAttempt, aRunningJob, eventMaker, NOW } from './samples.js';
import { type Open, useStore } from './useStore.js';

/** Events: gapless, in order, read by cursor over all attempts. */
export function describeEvents(open: Open): void {
  describe('events', () => {
    const opened = useStore(open);
    const eventsOf = (events: StoredEvent[], attempt = 1): Change => ({ type: 'events', jobId: 'a', attempt, events });

    test('come back as they were given', async () => {
      const { store } = opened();
      const event = eventMaker();
      const events = [
        event(),
        event({ text: 'out\n', command: -1 }),
        event({ text: '', command: 3 }),
        event({ text: new Uint8Array([0, 255, 254, 10]), command: 1_000_000, stream: 'stderr' }),
        { ...event(), name: 'job:plugin' as const, args: ['node', { deep: [null, 'ü'] }] },
      ];
      await store.commit([...aRunningJob('a'), eventsOf(events)]);
      expect(await store.events('a', 0, 10_000)).toEqual({ attempt: 1, cursor: 0, events });
    });

    test('a view into larger memory is kept as the view', async () => {
      const { store } = opened();
      const memory = new TextEncoder().encode('before OUTPUT after');
      await store.commit([...aRunningJob('a'), eventsOf([eventMaker()({ text: memory.subarray(7, 13) })])]);
      expect((await store.events('a', 0, 1000)).events[0]?.output?.bytes).toEqual(new TextEncoder().encode('OUTPUT'));
    });

    test.each([
      ['a gap', [0, 1, 3]],
      ['a beginning that is not 0', [1]],
      ['an event twice', [0, 1, 1]],
      ['a step back', [0, 1, 0]],
    ])('%s is refused, within a run and between two', async (_, seqs) => {
      const { store } = opened();
      const event = eventMaker();
      const made = Array.from({ length: 4 }, () => event());
      const events = seqs.map((seq) => ({ ...made[seq], seq }) as StoredEvent);
      await store.commit(aRunningJob('a'));
      await expect(store.commit([eventsOf(events)])).rejects.toMatchObject({ code: 'STORE_FAILED' });
      expect((await store.events('a', 0, 1000)).events).toEqual([]);
      await store.commit([eventsOf(events.slice(0, -1))]);
      await expect(store.commit([eventsOf(events.slice(-1))])).rejects.toMatchObject({ code: 'STORE_FAILED' });
      expect((await store.events('a', 0, 1000)).events).toEqual(events.slice(0, -1));
    });

    test('of an attempt that is not there, or that another came after, are refused', async () => {
      const { store } = opened();
      const event = eventMaker();
      await store.commit([...aRunningJob('a'), eventsOf([event()])]);
      await expect(store.commit([eventsOf([eventMaker()()], 2)])).rejects.toMatchObject({ code: 'STORE_FAILED' });
      await store.commit([
        { type: 'attempt', record: anAttempt('a', 1, { endedAt: NOW, events: 1 }) },
        { type: 'attempt', record: anAttempt('a', 2, { attempt: 2, firstCursor: 1 }) },
      ]);
      await expect(store.commit([eventsOf([event()])])).rejects.toMatchObject({ code: 'STORE_FAILED' });
    });

    test('of two jobs written by turns stay apart', async () => {
      const { store } = opened();
      const [a, b] = [eventMaker(), eventMaker()];
      await store.commit([...aRunningJob('a', 1), ...aRunningJob('b', 2)]);
      for (let i = 0; i < 5; i++) {
        await store.commit([eventsOf([a({ text: `a${i}` })]), { type: 'events', jobId: 'b', attempt: 1, events: [b({ text: `b${i}` })] }]);
      }
      expect(await textFrom(store, 'a', 0)).toBe('a0a1a2a3a4');
      expect(await textFrom(store, 'b', 0)).toBe('b0b1b2b3b4');
    });

    test('a cursor leads through all attempts, one run of one attempt at a time, empty attempts passed over', async () => {
      const { store } = opened();
      const [first, third] = [eventMaker(), eventMaker()];
      await store.commit([
        ...aRunningJob('a'),
        eventsOf([first({ text: 'one ' }), first({ text: 'two ' })]),
        { type: 'attempt', record: anAttempt('a', 1, { endedAt: NOW, events: 2 }) },
        { type: 'attempt', record: anAttempt('a', 2, { attempt: 2, firstCursor: 2, endedAt: NOW }) },
        { type: 'attempt', record: anAttempt('a', 3, { attempt: 3, firstCursor: 2 }) },
        eventsOf([third({ text: 'three ' }), third({ text: 'four' })], 3),
      ]);
      const runs = await Promise.all([0, 1, 2, 3, 4, 99].map((cursor) => store.events('a', cursor, 1000)));
      expect(runs.map(({ attempt, cursor, events }) => [attempt, cursor, events.map(({ seq }) => seq)])).toEqual([
        [1, 0, [0, 1]],
        [1, 1, [1]],
        [3, 2, [0, 1]],
        [3, 3, [1]],
        [3, 4, []],
        [3, 99, []],
      ]);
      expect(await textFrom(store, 'a', 0)).toBe('one two three four');
    });

    test('no more are given than fit, but always one', async () => {
      const { store } = opened();
      const event = eventMaker();
      await store.commit([...aRunningJob('a'), eventsOf(Array.from({ length: 20 }, () => event({ text: 'x'.repeat(1000) })))]);
      expect((await store.events('a', 0, 1)).events).toHaveLength(1);
      expect((await store.events('a', 0, 999)).events).toHaveLength(1);
      const { events } = await store.events('a', 3, 5500);
      expect(events.map(({ seq }) => seq)).toEqual([3, 4, 5, 6, 7]);
    });

    test('of a job that is not there, or not yet tried, are none', async () => {
      const { store } = opened();
      expect(await store.events('nobody', 3, 1000)).toEqual({ attempt: 0, cursor: 3, events: [] });
    });

    test('of 64 MiB come back byte for byte, and their SHA-256 is that of all output', async () => {
      const { store } = opened();
      const event = eventMaker();
      const chunks = Array.from({ length: 1024 }, (_, i) => new Uint8Array(65_536).fill(i));
      await store.commit(aRunningJob('a'));
      await Promise.all(chunks.map((text) => store.commit([eventsOf([event({ text })])])));
      let cursor = 0;
      for (;;) {
        const { events } = await store.events('a', cursor, 4 * 1024 * 1024);
        if (events.length === 0) break;
        const differing = events.filter(({ seq, output }) =>
          Buffer.compare(output?.bytes ?? new Uint8Array(), chunks[seq] ?? new Uint8Array()),
        );
        expect(differing).toEqual([]);
        cursor += events.length;
      }
      expect(cursor).toBe(1024);
      expect(await store.outputSha256('a', 1)).toBe(sha256(...chunks));
    });

    test('without output hash as the empty text', async () => {
      const { store } = opened();
      await store.commit(aRunningJob('a'));
      expect(await store.outputSha256('a', 1)).toBe(sha256());
    });
  });
}

function sha256(...chunks: Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

/** All output from a cursor on. */
async function textFrom(store: Store, id: string, from: number): Promise<string> {
  let text = '';
  for (let cursor = from; ; ) {
    const { events } = await store.events(id, cursor, 6);
    if (events.length === 0) return text;
    text += events.map(({ output }) => new TextDecoder().decode(output?.bytes)).join('');
    cursor += events.length;
  }
}
