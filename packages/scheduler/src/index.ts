export { createFleet } from './Fleet.js';
export { canFollow, nextStatuses } from './nextStatuses.js';
export type { Assignment, DroneLoad, Fleet, FleetDrone, JobGroup, Requirements, WaitingJob } from './types.js';
