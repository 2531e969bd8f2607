import { join } from 'node:path';
import type { CallerSkills } from '../parties/caller.js';
import type { BenchDrone, DroneSkills } from '../parties/drone.js';
import type { QueenSkills } from '../parties/queen.js';
import { assemble } from './assemble.js';
import { Party } from './Party.js';
import { tempFolder } from './tempFolder.js';

/** A queen on a new store, a drone and a caller, each a process of its own. */
export const startSkep = (drone: BenchDrone) =>
  assemble(async (keep) => {
    const { path: folder } = keep(await tempFolder());
    const queen = keep(new Party<QueenSkills>('queen'));
    const parties = { queen, drone: keep(new Party<DroneSkills>('drone')), caller: keep(new Party<CallerSkills>('caller')), folder };
    const url = await queen.ask('start', join(folder, 'queen'));
    await parties.drone.ask('start', { queen: url, dataDir: join(folder, 'drone'), ...drone });
    await parties.caller.ask('start', url);
    return { ...parties, url };
  });
