import { Drone } from '@skep/drone';
import { now } from '../lib/clock.js';
import { serve } from '../lib/serve.js';

let starts: number[] = [];

function noop(): void {
  starts.push(now());
}

const skills = {
  start: async ({ tasks, ...options }: { queen: string; dataDir: string; capacity: number; tasks: boolean }): Promise<void> => {
    const drone = new Drone({ ...options, name: 'bench', speed: 1000, ...(tasks && { handlers: { noop } }) });
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
serve(skills);
