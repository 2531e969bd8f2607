import { createHash, randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { constants, deflateSync, inflateSync } from 'node:zlib';
import { z } from 'zod';

/** To be raised with every change of the workload: numbers of different versions do not compare. */
const WORKLOAD_VERSION = 1;
/** What each part takes at speed 100, in milliseconds, by definition. One core of an AMD EPYC virtual machine has about 230. */
const referenceMs = { hash: 240, pack: 400, sort: 220, disk: 160 };
const MIB = 1024 * 1024;

const Cached = z.object({ machine: z.string(), speed: z.number().int().min(1) });

/**
 * How fast this machine builds, as an integer: 100 is the reference, higher is faster. Measured once, in about a second,
 * and kept in `<data>/speed.json` until the processor, its count of cores, Node or the workload change.
 *
 * The workload, on one thread: SHA-256 of 128 MiB; zlib of 12 MiB of words, there and back; sorting 200,000 strings;
 * 32 files of 64 KiB and one of 16 MiB, each written, synced and read back. The speed is the geometric mean of how much
 * faster each part is than the reference, each at its best of two runs.
 */
export async function measureSpeed(dataDir: string): Promise<number> {
  const file = join(dataDir, 'speed.json');
  const machine = [cpus()[0]?.model ?? 'unknown', cpus().length, process.version, WORKLOAD_VERSION].join(' | ');
  const cached = await readCache(file);
  if (cached?.machine === machine) return cached.speed;
  await mkdir(dataDir, { recursive: true });
  const speed = await measure(dataDir);
  const next = `${file}.${randomUUID()}`;
  await writeFile(next, `${JSON.stringify({ machine, speed })}\n`);
  await rename(next, file);
  return speed;
}

async function readCache(file: string): Promise<z.infer<typeof Cached> | undefined> {
  try {
    return Cached.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined; // Not there, or not to be read: measured anew.
  }
}

async function measure(dataDir: string): Promise<number> {
  const words = someWords(12 * MIB);
  const lines = words.toString('latin1', 0, 3 * MIB).match(/.{15}/g) ?? [];
  const folder = join(dataDir, `speed-${randomUUID()}`);
  await mkdir(folder);
  try {
    const parts: Record<keyof typeof referenceMs, () => void> = {
      hash: () => hash(words),
      pack: () => void inflateSync(deflateSync(words, { level: constants.Z_BEST_SPEED })),
      sort: () => void [...lines].sort(),
      disk: () => writeFiles(folder, words),
    };
    let product = 1;
    for (const [name, part] of Object.entries(parts) as [keyof typeof referenceMs, () => void][]) {
      product *= referenceMs[name] / Math.min(await timed(part), await timed(part));
    }
    return Math.max(1, Math.round(100 * product ** (1 / Object.keys(parts).length)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds that it takes; what else waits in this process goes first. */
async function timed(part: () => void): Promise<number> {
  await breathe();
  const before = performance.now();
  part();
  return performance.now() - before;
}

function hash(words: Buffer): void {
  const sha256 = createHash('sha256');
  for (let bytes = 0; bytes < 128 * MIB; bytes += words.length) sha256.update(words);
  sha256.digest();
}

function writeFiles(folder: string, words: Buffer): void {
  for (let at = 0; at < 32; at++) writeAndRead(join(folder, String(at)), words.subarray(at * 1024, at * 1024 + 64 * 1024), 1);
  writeAndRead(join(folder, 'large'), words.subarray(0, 4 * MIB), 4);
}

function writeAndRead(path: string, bytes: Buffer, times: number): void {
  const file = openSync(path, 'w');
  try {
    for (let at = 0; at < times; at++) writeSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  readFileSync(path);
}

/** Words that are the same on every machine: zlib's work depends on them. */
function someWords(bytes: number): Buffer {
  const words = Buffer.alloc(bytes);
  let state = 0x2545f491;
  for (let at = 0; at < bytes; at++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const pick = state >>> 16;
    words[at] = pick % 6 === 0 ? 0x20 : 0x61 + ((pick >>> 3) % 12);
  }
  return words;
}
