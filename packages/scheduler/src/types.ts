import type { Labels, Waiting } from '@skep/protocol';

/** What a job asks of a drone: the result of `requirementsOf`. */
export interface Requirements {
  labels: Labels;
  plugins: readonly string[];
  handlers: readonly string[];
  minSpeed: number;
}

/** A connected drone as the registry sees it. */
export interface FleetDrone {
  id: string;
  speed: number;
  capacity: number;
  labels: Labels;
  plugins: readonly string[];
  handlers: readonly string[];
  /** Gets no new jobs: draining, quarantined, or without room. It still counts as one that could run a job. */
  closed: boolean;
}

/** A job that waits. */
export interface WaitingJob {
  id: string;
  requirements: Requirements;
  /** Higher first. */
  priority: number;
  /** First come first served among equal priorities: lower first. A retried job keeps its own. */
  order: number;
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

/**
 * Who is connected, what waits, and which job goes where (DESIGN.md section 5). Pure: no clock, no I/O; instants come
 * in as Unix ms. The same calls give the same answers.
 */
export interface Fleet {
  /** A drone has come, or says something new of itself. What it runs stays. */
  setDrone(drone: FleetDrone, nowMs: number): void;
  /** A drone is gone; the slots it held are forgotten, and the jobs that waited for it wait for another. */
  removeDrone(id: string): void;
  /** A job begins to wait. Its id must not be waiting already. */
  addJob(job: WaitingJob): void;
  /** A job waits no more (cancelled). Whether it was waiting. */
  removeJob(id: string): boolean;
  /** Chooses the next job and its drone and takes the slot, in one step; undefined if nothing can go out now. */
  next(): Assignment | undefined;
  /** A slot is taken by an attempt that began before (a queen that comes back learns this from its store), even beyond capacity. */
  hold(droneId: string, jobId: string): void;
  /** The attempt on this drone is over: its slot is free. Says nothing if it held none. */
  release(droneId: string, jobId: string, nowMs: number): void;
  /** Why this job waits; undefined if it does not. */
  why(jobId: string): Waiting | undefined;
  /** The load of a drone; undefined if it is not there. */
  load(droneId: string): DroneLoad | undefined;
  /** How many jobs wait. */
  readonly waiting: number;
}
