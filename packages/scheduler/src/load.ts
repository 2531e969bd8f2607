/** What the load of a drone is made of. */
export interface Loaded {
  /** Attempts that it runs. */
  running: number;
  /** Jobs that wait for it. */
  waiting: number;
  /** Attempts that it runs at once; at least 1. */
  capacity: number;
}

/** (running + waiting) / capacity: 0 is idle, 1 is full, more than 1 has jobs waiting or more attempts than slots. */
export const load = ({ running, waiting, capacity }: Loaded): number => (running + waiting) / capacity;
