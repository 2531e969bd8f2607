import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from '@skep/protocol';
import { assemble } from './lib/assemble.js';
import { type Contestant, compare } from './lib/compare.js';
import { LINE_BYTES } from './lib/lines.js';
import { goals, type Question, type Row } from './lib/Row.js';
import { startRelay } from './lib/startRelay.js';
import { startSkep } from './lib/startSkep.js';

const MB = 1e6;
/** What is sent in writes or messages of each size; fewer bytes where each costs more. */
const floods = [
  { bytes: 16 * 1024, total: 128 * 1024 * 1024, words: '16 KiB', goal: goals.shareAtLeast(0.4) },
  { bytes: LINE_BYTES, total: 8 * 1024 * 1024, words: '100 bytes', goal: undefined },
] as const;

/** A command prints as fast as it can in writes of one size, a subscriber follows; from its first byte to its last. All of it is stored. */
export const output: Question = {
  name: 'output',
  question: 'output from a command to a subscriber',
  run: async () => {
    await using parties = await assemble(async (keep) => ({
      skep: keep(await startSkep({ capacity: 1, tasks: false })),
      relay: keep(await startRelay()),
    }));
    const { skep, relay } = parties;
    const rows: Row[] = [];
    for (const { bytes, total, words, goal } of floods) {
      const job = await printing(skep.folder, total, bytes);
      const contestants: Contestant<'rate'>[] = [
        { name: 'Skep', run: async () => rate(await skep.caller.ask('output', job), total) },
        {
          name: 'relay',
          run: async () => {
            const messages = Math.floor(total / bytes);
            const taken = relay.subscriber.ask('flood', messages);
            await relay.source.ask('flood', { messages, bytes });
            return rate(await taken, messages * bytes);
          },
        },
      ];
      const medians = await compare(contestants);
      rows.push({
        figure: `${words} a write`,
        unit: 'MB/s',
        skep: medians.get('Skep')?.rate ?? Number.NaN,
        yardstick: { name: 'bare relay', value: medians.get('relay')?.rate },
        ...(goal && { goal }),
      });
    }
    return rows;
  },
};

/** A job that prints so many bytes, in lines of 100 and in writes of one size. */
async function printing(folder: string, total: number, writeBytes: number): Promise<Job> {
  const file = join(folder, `lines-${writeBytes}`);
  const lines = `${'x'.repeat(LINE_BYTES - 1)}\n`.repeat(Math.ceil(total / LINE_BYTES));
  await writeFile(file, lines.slice(0, total));
  // Beside a read from memory, dd does nothing but write.
  return { phases: { test: [{ command: 'dd', args: [`if=${file}`, `bs=${writeBytes}`] }] }, timeout: { job: 120 } };
}

function rate({ bytes, ms }: { bytes: number; ms: number }, expected: number): { rate: number } {
  // dd says on stderr how much it copied.
  if (bytes < expected || bytes > expected + 1000) throw new Error(`${bytes} bytes arrived, not ${expected}`);
  return { rate: bytes / MB / (ms / 1000) };
}
