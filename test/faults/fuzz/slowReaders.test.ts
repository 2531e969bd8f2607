import { expect, test } from '@jest/globals';
import { Peer } from '../../helpers/Peer.js';
import { until } from '../../helpers/until.js';
import { type Deafness, DeafWatcher } from './DeafWatcher.js';
import { MeasuredProcess } from './MeasuredProcess.js';
import { PrintingDrone } from './PrintingDrone.js';

const MIB = 1024 * 1024;
const PRINTED_BYTES = 200 * MIB;
/** As many as it takes to tell what they cost from what else comes and goes. */
const WATCHERS = 16;
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
      expect(reader?.bytes).toBeLessThan(PRINTED_BYTES / 10);
      expect(await reader?.hear()).toBe(printed.sha256);
      expect(reader?.bytes).toBe(printed.bytes);
    } finally {
      for (const watcher of deaf) await watcher[Symbol.asyncDispose]();
    }
  },
  120_000,
);

/** All that the queen keeps for itself: objects, and bytes beside them. */
const held = ({ heapUsed, external }: NodeJS.MemoryUsage): number => heapUsed + external;

/** How many callers the queen counts. */
async function socketsOf(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^skep_sockets\{namespace="\/"\} (\d+)$/m.exec(metrics)?.[1]);
}
