export type { Assignment, DroneLoad, Fleet, FleetDrone, Requirements, WaitingJob } from './types.js';
