import { Drone, type DroneOptions } from '@skep/drone';
import { tempDir } from './tempDir.js';

/** A real drone with executors of its own, in a new folder. */
export async function startDrone(
  queen: string,
  options: Partial<DroneOptions> = {},
): Promise<Drone & AsyncDisposable & { dataDir: string }> {
  const folder = await tempDir();
  const drone = new Drone({ speed: 1, capacity: 1, passEnv: [], ...options, queen, dataDir: folder.path });
  await drone.start();
  return Object.assign(drone, {
    dataDir: folder.path,
    async [Symbol.asyncDispose](): Promise<void> {
      drone.cancelAll('the test is over');
      await drone.stop();
      await folder[Symbol.asyncDispose]();
    },
  });
}
