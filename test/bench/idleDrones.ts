import { join } from 'node:path';
import { assemble } from './lib/assemble.js';
import { type Contestant, compare } from './lib/compare.js';
import type { Memory } from './lib/memory.js';
import { Party } from './lib/Party.js';
import { goals, type Question, type Row } from './lib/Row.js';
import { tempFolder } from './lib/tempFolder.js';
import type { QueenSkills } from './parties/queen.js';
import type { RelaySkills } from './parties/relay.js';
import type { SocketsSkills } from './parties/sockets.js';

const DRONES = 2000;
const KIB = 1024;
const info = { speed: 1000, capacity: 2, labels: { os: 'linux', arch: 'x64', cpus: '8' }, plugins: ['git'], handlers: [] };

type Figure = keyof Memory;

/** What one connected drone without work adds to the memory of the queen's process, beside what a connection adds to a bare server. */
export const idleDrones: Question = {
  name: 'memory',
  question: `${DRONES.toLocaleString('en')} idle drones, each`,
  run: async () => {
    const contestants: Contestant<Figure>[] = [
      { name: 'Skep', run: perDroneOfQueen },
      { name: 'bare', run: perConnectionOfServer },
    ];
    // Every run takes a new process, so there is nothing to warm up.
    const medians = await compare(contestants);
    const row = (figure: Figure, words: string): Row => ({
      figure: words,
      unit: 'KiB',
      skep: medians.get('Skep')?.[figure] ?? Number.NaN,
      yardstick: { name: 'bare socket.io', value: medians.get('bare')?.[figure] },
    });
    return [{ ...row('heap', 'heap and buffers'), goal: goals.atMost(24, 'KiB') }, row('resident', 'resident')];
  },
};

async function perDroneOfQueen(): Promise<Memory> {
  await using parties = await assemble(async (keep) => ({
    folder: keep(await tempFolder()),
    queen: keep(new Party<QueenSkills>('queen', ['--expose-gc'])),
    drones: keep(new Party<SocketsSkills>('sockets')),
  }));
  const { folder, queen, drones } = parties;
  const url = `${await queen.ask('start', join(folder.path, 'queen'))}/drone`;
  return await each(
    () => queen.ask('memory', undefined),
    (count) => drones.ask('open', { url, count, info }),
  );
}

async function perConnectionOfServer(): Promise<Memory> {
  await using parties = await assemble(async (keep) => ({
    server: keep(new Party<RelaySkills>('relay', ['--expose-gc'])),
    sockets: keep(new Party<SocketsSkills>('sockets')),
  }));
  const { server, sockets } = parties;
  const url = await server.ask('start', undefined);
  return await each(
    () => server.ask('memory', undefined),
    (count) => sockets.ask('open', { url, count }),
  );
}

/** KiB that each connection adds. The first ones are not counted: they bring along what is needed once. */
async function each(memory: () => Promise<Memory>, open: (count: number) => Promise<void>): Promise<Memory> {
  await open(100);
  const before = await memory();
  await open(DRONES);
  const after = await memory();
  return {
    heap: (after.heap - before.heap) / DRONES / KIB,
    resident: (after.resident - before.resident) / DRONES / KIB,
  };
}
