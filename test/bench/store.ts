import { fdatasyncSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Change, openSqliteStore, type Store, type StoredEvent } from '@skep/store';
import { aJob, anAttempt, aRunningJob, aState, eventMaker } from '@skep/store/samples';
import { tempFolder } from './lib/tempFolder.js';

interface Row {
  name: string;
  value: number;
  unit: string;
}

const COMMITS = 20_000;
const CALLERS = 50;
const LONE_COMMITS = 2_000;
const CHUNK_BYTES = 64 * 1024;
const CHUNKS_PER_COMMIT = 4;
/** Commits of output that wait at once: enough to keep the disk busy, as a queen with many jobs does. */
const COMMITS_AT_ONCE = 16;
const OUTPUT_BYTES = Number(process.env.SKEP_BENCH_OUTPUT_MIB ?? 1024) * 1024 * 1024;
const PAGE_BYTES = 1024 * 1024;
const PAGES = 101;

/**
 * What the store takes for small commits, many and one at a time, and for output, in and out. Beside them stands what
 * the disk takes for a flush and for plain writing.
 */
export async function run(): Promise<{ question: string; rows: Row[] }> {
  await using folder = await tempFolder();
  const store = await openSqliteStore({ dataDir: join(folder.path, 'data') });
  try {
    const rows = [
      ...(await manyCommits(store)),
      ...(await loneCommits(store)),
      { name: 'one flush of 8 KiB by itself: median', value: await flushMs(folder.path), unit: 'ms' },
      ...(await output(store)),
      { name: 'the disk by itself, written and flushed', value: await diskSpeed(folder.path), unit: 'MB/s' },
    ];
    return { question: 'How much does the store write, and how fast does it read?', rows };
  } finally {
    await store.close();
  }
}

let leases = 0;

/** A job that comes and is over: two records, their ends, and three events. */
function wholeJob(): Change[] {
  leases += 1;
  const id = `job-${leases}`;
  const event = eventMaker();
  return [
    { type: 'job', record: aJob(id) },
    { type: 'attempt', record: anAttempt(id, leases) },
    { type: 'events', jobId: id, attempt: 1, events: [event(), event(), event()] },
    { type: 'attempt', record: anAttempt(id, leases, { endedAt: 1, outcome: 'passed', events: 3 }) },
    { type: 'job-state', id, state: aState({ status: 'done', outcome: 'passed', attempt: 1, cursor: 3 }) },
  ];
}

async function manyCommits(store: Store): Promise<Row[]> {
  let left = COMMITS;
  const began = performance.now();
  const caller = async (): Promise<void> => {
    while (left-- > 0) await store.commit(wholeJob());
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  const seconds = (performance.now() - began) / 1000;
  return [{ name: `commits of a whole job, ${CALLERS} callers`, value: COMMITS / seconds, unit: '/s' }];
}

async function loneCommits(store: Store): Promise<Row[]> {
  const times: number[] = [];
  for (let i = 0; i < LONE_COMMITS; i++) times.push(await timeMs(() => store.commit(wholeJob())));
  return [
    { name: 'a commit of a whole job, one at a time: median', value: at(times, 0.5), unit: 'ms' },
    { name: 'a commit of a whole job, one at a time: p99', value: at(times, 0.99), unit: 'ms' },
  ];
}

async function output(store: Store): Promise<Row[]> {
  leases += 1;
  const id = 'large';
  const event = eventMaker();
  const text = new Uint8Array(CHUNK_BYTES).fill(0x61).fill(0x0a, CHUNK_BYTES - 1);
  await store.commit(aRunningJob(id, leases));
  let left = Math.floor(OUTPUT_BYTES / CHUNK_BYTES / CHUNKS_PER_COMMIT);
  const chunks = left * CHUNKS_PER_COMMIT;
  const began = performance.now();
  const caller = async (): Promise<void> => {
    while (left-- > 0) {
      const events: StoredEvent[] = Array.from({ length: CHUNKS_PER_COMMIT }, () => event({ text }));
      await store.commit([{ type: 'events', jobId: id, attempt: 1, events }]);
    }
  };
  await Promise.all(Array.from({ length: COMMITS_AT_ONCE }, caller));
  const seconds = (performance.now() - began) / 1000;
  const end = chunks - PAGE_BYTES / CHUNK_BYTES;
  const [atStart, atEnd] = await pageTimes(store, id, [0, end]);
  const size = `${Math.round(OUTPUT_BYTES / 1024 / 1024)} MiB`;
  return [
    { name: 'output written in chunks of 64 KiB', value: (chunks * CHUNK_BYTES) / 1e6 / seconds, unit: 'MB/s' },
    { name: `a page of 1 MiB at the start of ${size}: median`, value: atStart, unit: 'ms' },
    { name: `a page of 1 MiB at the end of ${size}: median`, value: atEnd, unit: 'ms' },
    {
      name: `the place of a byte in ${size}`,
      value: await timeMs(() => store.seqAt(id, 1, { byte: Math.floor(chunks * CHUNK_BYTES * 0.7) })),
      unit: 'ms',
    },
  ];
}

/** The median time of a page at each of two cursors, taken by turns, so that neither has the warmer threads. */
async function pageTimes(store: Store, id: string, [first, second]: [number, number]): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let i = 0; i < 2 * PAGES; i++) {
    const [firstMs, secondMs] = [
      await timeMs(() => store.events(id, first, PAGE_BYTES)),
      await timeMs(() => store.events(id, second, PAGE_BYTES)),
    ];
    if (i < PAGES) continue; // until then the threads warm up
    times[0].push(firstMs);
    times[1].push(secondMs);
  }
  return [at(times[0], 0.5), at(times[1], 0.5)];
}

async function flushMs(folder: string): Promise<number> {
  await using file = await open(join(folder, 'flush'), 'w');
  const times: number[] = [];
  for (let i = 0; i < 500; i++) {
    await file.write(Buffer.alloc(8192), 0, 8192, (i % 100) * 8192);
    const began = performance.now();
    fdatasyncSync(file.fd);
    if (i >= 100) times.push(performance.now() - began);
  }
  return at(times, 0.5);
}

async function diskSpeed(folder: string): Promise<number> {
  await using file = await open(join(folder, 'plain'), 'w');
  const chunk = Buffer.alloc(1024 * 1024, 0x61);
  const megabytes = OUTPUT_BYTES / 1e6;
  const took = await timeMs(async () => {
    for (let written = 0; written < OUTPUT_BYTES; written += chunk.length) await file.write(chunk);
    await file.datasync();
  });
  return megabytes / (took / 1000);
}

async function timeMs(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await act();
  return performance.now() - began;
}

/** The value below which this share of all lies. */
function at(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}
