export { Drone } from './Drone.js';
export type { DroneOptions } from './DroneOptions.js';
export { factLabels } from './facts/labels.js';
export { measureSpeed } from './facts/measureSpeed.js';
export type { ExecutorLimits } from './supervisor/wornBy.js';
export type { Composition, Handler, HandlerContext, HandlerDefinition, Step } from './tasks/defineHandler.js';
export { compose, defineHandler } from './tasks/defineHandler.js';
