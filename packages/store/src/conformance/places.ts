import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { StoredEvent } from '../records.js';
import { aRunningJob, eventMaker, type Said } from './samples.js';
import { type Open, useStore } from './useStore.js';

/** Places in an output: by cursor, by byte, by line, always the same bytes. */
export function describePlaces(open: Open): void {
  describe('places in an output', () => {
    const opened = useStore(open);
    let jobs = 0;

    /** A job whose output this is, in a store that may have others. */
    async function jobThatSaid(said: Said[]): Promise<{ id: string; events: StoredEvent[] }> {
      jobs += 1;
      const id = `job-${jobs}`;
      const events = said.map(eventMaker());
      await opened().store.commit([...aRunningJob(id, jobs), { type: 'events', jobId: id, attempt: 1, events }]);
      return { id, events };
    }

    test.each([
      [{ byte: 0 }, 1],
      [{ byte: 1 }, 1],
      [{ byte: 2 }, 3],
      [{ byte: 8 }, 6],
      [{ byte: 9 }, 8],
      [{ byte: 99 }, 8],
      [{ line: 0 }, 1],
      [{ line: 1 }, 3],
      [{ line: 2 }, 4],
      [{ line: 3 }, 4],
      [{ line: 4 }, 8],
      [{ line: 5 }, 8],
    ])('%j is found among chunks and events without output', async (place, seq) => {
      const { id } = await jobThatSaid([{}, { text: 'a\n' }, {}, { text: 'b\n' }, { text: 'c\nd' }, { text: '' }, { text: 'e\n' }, {}]);
      expect(await opened().store.seqAt(id, 1, place)).toBe(seq);
    });

    test('an attempt that is not there, or has no output, has no places', async () => {
      const { store } = opened();
      const { id } = await jobThatSaid([{}, {}]);
      expect(await store.seqAt(id, 1, { byte: 0 })).toBe(2);
      expect(await store.seqAt(id, 1, { line: 0 })).toBe(2);
      expect(await store.seqAt(id, 2, { byte: 0 })).toBe(0);
      expect(await store.seqAt('nobody', 1, { line: 3 })).toBe(0);
    });

    const anySaid = fc.record({
      text: fc.option(
        fc.array(fc.constantFrom(10, 10, 65, 66, 0xc3, 0xbc), { maxLength: 12 }).map((bytes) => new Uint8Array(bytes)),
        { nil: undefined },
      ),
      command: fc.integer({ min: -1, max: 2 }),
      stream: fc.constantFrom('stdout', 'stderr'),
    });

    test('whatever the chunks, reading from any cursor, byte or line gives the bytes that are there', async () => {
      const { store } = opened();
      await fc.assert(
        fc.asyncProperty(
          fc.array(anySaid, { maxLength: 30 }),
          fc.nat(80),
          fc.integer({ min: 1, max: 40 }),
          async (all, place, maxBytes) => {
            const said: Said[] = all.map(({ text, ...source }) => (text ? { text, ...source } : {}));
            const { id, events } = await jobThatSaid(said);
            const output = Buffer.concat(events.map((event) => event.output?.bytes ?? new Uint8Array()));
            const read = async (from: number): Promise<Buffer> => {
              const chunks: Uint8Array[] = [];
              for (let cursor = from; ; ) {
                const run = await store.events(id, cursor, maxBytes);
                if (run.events.length === 0) return Buffer.concat(chunks);
                chunks.push(...run.events.map((event) => event.output?.bytes ?? new Uint8Array()));
                cursor += run.events.length;
              }
            };
            expect(await read(0)).toEqual(output);
            for (const [address, at] of [
              [{ byte: place }, place],
              [{ line: place }, afterLineEnds(output, place)],
            ] as const) {
              const seq = await store.seqAt(id, 1, address);
              if (at === undefined || at >= output.length) {
                expect(seq).toBe(events.length);
              } else {
                const firstByte = events[seq]?.firstByte ?? Number.NaN;
                expect(at).toBeGreaterThanOrEqual(firstByte);
                expect(at).toBeLessThan(firstByte + (events[seq]?.output?.bytes.length ?? 0));
                expect((await read(seq)).subarray(at - firstByte)).toEqual(output.subarray(at));
              }
            }
          },
        ),
        { numRuns: 60 },
      );
    });
  });
}

/** The byte after this many line ends; undefined if there are fewer. */
function afterLineEnds(output: Buffer, count: number): number | undefined {
  let at = 0;
  for (let found = 0; found < count; found++) {
    at = output.indexOf(10, at) + 1;
    if (at === 0) return undefined;
  }
  return at;
}
