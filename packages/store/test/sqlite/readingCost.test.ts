import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { aRunningJob, eventMaker } from '../../src/conformance/samples.js';
import type { Store } from '../../src/Store.js';
import { type TemporaryDataDir, temporaryDataDir } from './temporaryStore.js';

const CHUNK = 65_536;
const CHUNKS = 1024;

/** Reads from files by this process so far: how many, and how many bytes. Linux counts them in /proc. */
function reads(): { calls: number; bytes: number } {
  const counted = (name: string) => Number(new RegExp(`${name}: (\\d+)`).exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
  return { calls: counted('syscr'), bytes: counted('rchar') };
}

/** What a question to a store that was just opened, and has nothing in memory, makes it read. */
async function readsFor(dir: TemporaryDataDir, ask: (store: Store) => Promise<unknown>): Promise<{ calls: number; bytes: number }> {
  const store = await dir.open();
  await store.attempts('a');
  const before = reads();
  await ask(store);
  const after = reads();
  await store.close();
  return { calls: after.calls - before.calls, bytes: after.bytes - before.bytes };
}

test('reading at the end of 64 MiB of output reads no more than at its start, by cursor, by byte and by line', async () => {
  await using dir = await temporaryDataDir();
  const store = await dir.open();
  const event = eventMaker();
  const chunk = new Uint8Array(CHUNK).fill(65);
  chunk[CHUNK - 1] = 10;
  await store.commit(aRunningJob('a'));
  for (let i = 0; i < CHUNKS; i += 64) {
    const events = Array.from({ length: 64 }, () => event({ text: chunk }));
    await store.commit([{ type: 'events', jobId: 'a', attempt: 1, events }]);
  }
  await store.close();

  // A page of 8 chunks is 8 x 64 KiB, and little more: the way down the tree, and one chunk looked at in vain.
  const page = 8 * CHUNK + 1000;
  for (const cursor of [0, CHUNKS / 2, CHUNKS - 8]) {
    const { bytes } = await readsFor(dir, (opened) => opened.events('a', cursor, page));
    expect(bytes).toBeGreaterThan(8 * CHUNK);
    expect(bytes).toBeLessThan(10 * CHUNK);
  }
  // Ten steps of a binary search, each down a tree of two or three levels.
  for (const place of [{ byte: 5 }, { byte: CHUNK * CHUNKS - 5 }, { line: 1 }, { line: CHUNKS - 1 }]) {
    const { bytes } = await readsFor(dir, (opened) => opened.seqAt('a', 1, place));
    expect(bytes).toBeLessThan(6 * CHUNK);
  }
});
