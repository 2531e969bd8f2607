import type { Turn } from './compareJobs.js';
import type { Drone } from './Drone.js';
import type { RequirementClass } from './RequirementClass.js';

/** A job that waits, in the line of its class. */
export interface Waiter extends Turn {
  readonly requirementClass: RequirementClass;
  /** The drone that it waits for; undefined while none that may run it is open. */
  drone: Drone | undefined;
}
