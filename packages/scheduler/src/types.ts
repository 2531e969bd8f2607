import type { Labels, Requirements, Waiting } from '@skep/protocol';

/** A connected drone as the registry sees it. */
export interface FleetDrone {
  id: string;
  name: string;
  speed: number;
  capacity: number;
  labels: Labels;
  plugins: readonly string[];
  handlers: readonly string[];
  /** null where it names none. */
  platform: string | null;
  /** Gets no new jobs: draining, quarantined, of a dropped platform, or without room. It still counts as one that could run a job. */
  closed: boolean;
}

/** Jobs of which only so many run at once. */
export interface JobGroup {
  name: string;
  /** At least 1. Where the jobs of a group name several limits, the lowest of those that wait and run is in force. */
  limit: number;
}

/** A job that waits. */
export interface WaitingJob {
  id: string;
  requirements: Requirements;
  /** Higher first. */
  priority: number;
  /** First come first served among equal priorities: lower first. A retried job keeps its own. */
  order: number;
  /** The group it belongs to, if any. */
  group?: JobGroup | undefined;
}

/** The choice of a drone for a job; its slot is taken by now. */
export interface Assignment {
  jobId: string;
  droneId: string;
}

/** How many attempts a drone runs and how many jobs wait for it. */
export interface DroneLoad {
  running: number;
  waiting: number;
  capacity: number;
}

/** What goes before a waiting job, in order, and the drones that may run each; their order says nothing. */
export interface Outlook {
  /** Those that may run the job itself. */
  drones: readonly string[];
  ahead: readonly { id: string; drones: readonly string[] }[];
}

/**
 * Who is connected, what waits, and which job goes where (DESIGN.md section 5). Pure: no clock, no I/O; instants come
 * in as Unix ms. The same calls give the same answers.
 */
export interface Fleet {
  /** A drone has come, or says something new of itself. What it runs stays. */
  setDrone(drone: FleetDrone, nowMs: number): void;
  /**
   * A drone is gone; the slots it held are forgotten, and the jobs that waited for it wait for another. What it runs keeps
   * its places in groups until it is released.
   */
  removeDrone(id: string): void;
  /** A job begins to wait. Its id must not be waiting already. */
  addJob(job: WaitingJob): void;
  /** A job waits no more (cancelled). Whether it was waiting. */
  removeJob(id: string): boolean;
  /** A job that waits has its turn at another time than was said. Whether it was waiting. */
  moveJob(id: string, turn: Pick<WaitingJob, 'priority' | 'order'>): boolean;
  /** Chooses the next job and its drone and takes the slot, in one step; undefined if nothing can go out now. */
  next(): Assignment | undefined;
  /**
   * A slot is taken by an attempt that began before (a queen that comes back learns this from its store), even beyond
   * capacity; so is its place in the job's group, also while the drone is not there.
   */
  hold(droneId: string, jobId: string, group?: JobGroup): void;
  /** The attempt on this drone is over: its slot and its place in the job's group are free. Says nothing if it held none. */
  release(droneId: string, jobId: string, nowMs: number): void;
  /** Why this job waits; undefined if it does not. */
  why(jobId: string): Waiting | undefined;
  /** What goes before a waiting job; undefined if it does not wait in line, no drone may run it, or more than `atMost` jobs go before it. */
  outlook(jobId: string, atMost: number): Outlook | undefined;
  /** The load of a drone; undefined if it is not there. */
  load(droneId: string): DroneLoad | undefined;
  /** How many jobs wait. */
  readonly waiting: number;
}
