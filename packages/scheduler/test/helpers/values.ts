import type { Requirements } from '@skep/protocol';
import type { FleetDrone, WaitingJob } from '@skep/scheduler';

/** A drone of speed 1 with one slot, but for what is given. */
export const aDrone = (id: string, given: Partial<FleetDrone> = {}): FleetDrone => ({
  id,
  name: id,
  speed: 1,
  capacity: 1,
  labels: {},
  plugins: [],
  handlers: [],
  platform: null,
  closed: false,
  ...given,
});

/** Requirements that every drone meets, but for what is given. */
export const needs = (given: Partial<Requirements> = {}): Requirements => ({
  labels: {},
  plugins: [],
  handlers: [],
  minSpeed: 0,
  platform: null,
  drone: null,
  notDrones: [],
  ...given,
});

/** A job that every drone may run, but for what is given. */
export const aJob = (id: string, order: number, given: Partial<WaitingJob> = {}): WaitingJob => ({
  id,
  requirements: needs(),
  priority: 0,
  order,
  ...given,
});
