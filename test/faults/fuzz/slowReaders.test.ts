import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Peer } from '../../helpers/Peer.js';
import { until } from '../../helpers/until.js';
import { type Deafness, DeafWatcher } from './DeafWatcher.js';
import { MeasuredProcess } from './MeasuredProcess.js';
import { PrintingDrone } from './PrintingDrone.js';
import { RawSocket } from './RawSocket.js';

const MIB = 1024 * 1024;
const PRINTED_BYTES = 96 * MIB;
/** As many as it takes to tell what they cost from what else comes and goes. */
const WATCHERS = 16;
/** What a caller asks without reading an answer: more than 50 MiB of answers. */
const QUESTIONS = 200_000;
/** A figure that has not changed for so long is still. */
const STILL_MS = 500;
/** What a watcher may cost that reads nothing. */
const COST_BYTES = MIB;

test.each<[Deafness]>([['reads nothing'], ['acknowledges nothing']])(
  'a watcher that %s costs the queen at most 1 MiB, and is given all of it when it does',
  async (deafness) => {
    await using queen = await MeasuredProcess.start<{ url: string }>('queen.mjs', {});
    const { url } = queen.ready;
    await using caller = await Peer.connect(url);
    await using drone = await PrintingDrone.connect(url);
    await caller.ask('queue:new', { id: 'loud' });
    const deaf = await Promise.all(Array.from({ length: WATCHERS }, () => DeafWatcher.watch(url, 'loud', deafness)));
    try {
      const printed = await drone.print(PRINTED_BYTES);
      const withAll = held(await queen.memory());
      const [reader, ...others] = deaf;
      for (const watcher of others) await watcher[Symbol.asyncDispose]();
      // The caller and the reader are left.
      await until(async () => (await socketsOf(url)) === 2, 'the others are gone');
      const cost = withAll - held(await queen.memory());
      expect(cost).toBeLessThan(others.length * COST_BYTES);
      expect(reader?.bytes).toBeLessThan(PRINTED_BYTES / 4);
      expect(await reader?.hear()).toBe(printed.sha256);
      expect(reader?.bytes).toBe(printed.bytes);
    } finally {
      for (const watcher of deaf) await watcher[Symbol.asyncDispose]();
    }
  },
  120_000,
);

test('a caller that asks and does not read what it is answered costs the queen a few MiB, however much it asks', async () => {
  await using queen = await MeasuredProcess.start<{ url: string }>('queen.mjs', {});
  const { url } = queen.ready;
  const caller = await RawSocket.connect(url, '/');
  caller.socket.pause();
  for (let count = 0; count < QUESTIONS; count++) caller.say('["nothing"]');
  await untilStill(() => figureOf(url, 'skep_invalid_messages_total{name="other"}'));
  const withIt = held(await queen.memory());
  caller.close();
  await until(async () => (await socketsOf(url)) === 0, 'the caller is gone');
  expect(withIt - held(await queen.memory())).toBeLessThan(12 * MIB);
}, 60_000);

/** All that the queen keeps for itself: objects, and bytes beside them. */
const held = ({ heapUsed, external }: NodeJS.MemoryUsage): number => heapUsed + external;

/** How many callers the queen counts. */
const socketsOf = (url: string): Promise<number> => figureOf(url, 'skep_sockets{namespace="/"}');

async function figureOf(url: string, name: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const line = metrics.split('\n').find((each) => each.startsWith(`${name} `));
  return Number(line?.slice(name.length) ?? 0);
}

/** Waits until a figure has grown and then stays what it is. */
async function untilStill(look: () => Promise<number>): Promise<void> {
  let before = 0;
  await until(async () => {
    await sleep(STILL_MS);
    const now = await look();
    const isStill = now > 0 && now === before;
    before = now;
    return isStill;
  }, 'the figure stays');
}
