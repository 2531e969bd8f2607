import { Drone } from '@skep/drone';
import { now } from '../lib/clock.js';
import { serve } from '../lib/serve.js';

let drone: Drone | undefined;
let starts: number[] = [];

function noop(): void {
  starts.push(now());
}

export interface BenchDrone {
  capacity: number;
  /** Whether it performs tasks in its own process, and runs no jobs. */
  tasks: boolean;
  name?: string;
}

const skills = {
  /** @param name also its label `drone` */
  start: async ({ tasks, name = 'bench', ...options }: BenchDrone & { queen: string; dataDir: string }): Promise<void> => {
    drone = new Drone({
      ...options,
      name,
      labels: { drone: name },
      speed: 1000,
      ...(tasks ? { handlers: { noop } } : { handlerFiles: [] }),
    });
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
