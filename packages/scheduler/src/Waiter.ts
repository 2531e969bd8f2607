import type { Turn } from './compareJobs.js';
import type { Drone } from './Drone.js';
import type { RequirementClass } from './RequirementClass.js';
import type { JobGroup } from './types.js';

/** A job that waits: in the line of its class, unless its group has no room for it. */
export interface Waiter extends Turn {
  readonly requirementClass: RequirementClass;
  readonly group: JobGroup | undefined;
  /** The drone that it waits for; undefined while none that may run it is open. */
  drone: Drone | undefined;
}
