export { Drone } from './Drone.js';
export type { DroneOptions } from './DroneOptions.js';
export { factLabels } from './facts/labels.js';
export { measureSpeed } from './facts/measureSpeed.js';
export type { Handler, HandlerContext } from './supervisor/HandlerRun.js';
export type { ExecutorLimits } from './supervisor/wornBy.js';
