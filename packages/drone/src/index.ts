export type { DroneOptions } from './Drone.js';
export { Drone } from './Drone.js';
export { factLabels } from './facts/labels.js';
export { measureSpeed } from './facts/measureSpeed.js';
export type { Handler, HandlerContext } from './supervisor/HandlerRun.js';
