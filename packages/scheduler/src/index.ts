export { type ExpectedDuration, expectedDuration, type PastRun } from './expectedDuration.js';
export { type BusyDrone, type ExpectedStart, expectedStart, type WaitingWork } from './expectedStart.js';
export { createFleet } from './Fleet.js';
export { canFollow, nextStatuses } from './nextStatuses.js';
export { type Spread, spreadOf } from './spread.js';
export { createTurns, type QueueOrder } from './turns.js';
export type { Assignment, DroneLoad, Fleet, FleetDrone, JobGroup, Outlook, Requirements, WaitingJob } from './types.js';
