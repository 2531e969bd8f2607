import { join } from 'node:path';
import type { Job } from '@skep/protocol';
import { assemble } from './lib/assemble.js';
import { type Contestant, compare, median } from './lib/compare.js';
import { goals, type Question } from './lib/Row.js';
import { startRelay } from './lib/startRelay.js';
import { startSkep } from './lib/startSkep.js';

const LINES = 200;
const EVERY_MS = 10;
const ticker = join(import.meta.dirname, 'parties/ticker.js');

/** A command writes a line every 10 ms; from its writing to its arrival at a subscriber. */
export const line: Question = {
  name: 'line',
  question: 'a line from a command to a subscriber',
  run: async () => {
    await using parties = await assemble(async (keep) => ({
      skep: keep(await startSkep({ capacity: 1, tasks: false })),
      relay: keep(await startRelay()),
    }));
    const { skep, relay } = parties;
    const job: Job = { phases: { test: [{ command: process.execPath, args: [ticker, String(LINES), String(EVERY_MS)] }] } };
    const contestants: Contestant<'late'>[] = [
      { name: 'Skep', run: async () => ({ late: median(await skep.caller.ask('lines', job)) }) },
      {
        name: 'relay',
        run: async () => {
          const taken = relay.subscriber.ask('lines', LINES);
          await relay.source.ask('tick', { lines: LINES, everyMs: EVERY_MS });
          return { late: median(await taken) };
        },
      },
    ];
    const medians = await compare(contestants);
    return [
      {
        figure: 'written to seen',
        unit: 'ms',
        skep: medians.get('Skep')?.late ?? Number.NaN,
        yardstick: { name: 'bare relay', value: medians.get('relay')?.late },
        goal: goals.timesAtMost(3),
      },
    ];
  },
};
