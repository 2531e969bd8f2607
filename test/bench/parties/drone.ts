import { Drone } from '@skep/drone';
import { now } from '../lib/clock.js';
import { serve } from '../lib/serve.js';

let drone: Drone | undefined;
let starts: number[] = [];

function noop(): void {
  starts.push(now());
}

const skills = {
  start: async ({ tasks, ...options }: { queen: string; dataDir: string; capacity: number; tasks: boolean }): Promise<void> => {
    drone = new Drone({ ...options, name: 'bench', speed: 1000, ...(tasks ? { handlers: { noop } } : { handlerFiles: [] }) });
    await drone.start();
  },
  /** When each task began since this was last asked. */
  starts: (): number[] => {
    const taken = starts;
    starts = [];
    return taken;
  },
};

export type DroneSkills = typeof skills;
// Its executors are made to go on without it.
serve(skills, async () => drone?.stop());
