import type { Requirements } from '@skep/protocol';
import { Drone } from './Drone.js';
import { Heap } from './Heap.js';
import { compareClasses, RequirementClass } from './RequirementClass.js';
import { canonical, meets, requirementKey } from './requirements.js';
import type { FleetDrone } from './types.js';

/** How many classes without jobs are kept, because making a class looks at every drone. Each costs memory and a little of every change. */
const IDLE_CLASSES = 32;

/**
 * Who is connected, and which drone meets the requirements of which class. Its memory and the time of a change grow
 * with the number of different requirements among the waiting jobs, not with the number of jobs.
 */
export class Registry {
  readonly drones = new Map<string, Drone>();
  readonly classes = new Map<string, RequirementClass>();
  /** The classes that have a job and a drone to run it at once, the one with the best job first. */
  readonly ready = new Heap<RequirementClass>(compareClasses);
  /** Grows whenever the answer to "who could run what" may have changed, whatever anybody runs just now. */
  version = 0;
  /** Classes without jobs, the longest idle first. */
  readonly #idle = new Set<RequirementClass>();

  /** A drone has come, or says something new of itself. */
  describe(info: FleetDrone, nowMs: number): Drone {
    const drone = this.drones.get(info.id) ?? new Drone(info.id, nowMs);
    this.drones.set(info.id, drone);
    drone.describe(info);
    for (const requirementClass of this.classes.values()) {
      if (meets(drone, requirementClass.requirements)) drone.placeIn(requirementClass);
      else this.#displace(drone, requirementClass);
    }
    this.refresh(drone);
    this.version++;
    return drone;
  }

  /** A drone is gone. The jobs that are pointed at it stay so until the caller points them elsewhere. */
  forget(drone: Drone): void {
    for (const requirementClass of [...drone.places.keys()]) this.#displace(drone, requirementClass);
    this.drones.delete(drone.id);
    this.version++;
  }

  /** The load of a drone has changed: finds its places anew. */
  refresh(drone: Drone): void {
    for (const [requirementClass, place] of drone.places) {
      requirementClass.place(drone, place);
      this.#takeTurn(requirementClass);
    }
  }

  /** The class of these requirements, made if there is none yet. */
  classOf(requirements: Requirements): RequirementClass {
    const form = canonical(requirements);
    const key = requirementKey(form);
    const known = this.classes.get(key);
    if (known) return known;
    const made = new RequirementClass(key, form);
    this.classes.set(key, made);
    for (const drone of this.drones.values()) if (meets(drone, form)) made.place(drone, drone.placeIn(made));
    this.version++;
    return made;
  }

  /** The line of a class has changed, or how many of its jobs wait in groups. */
  lineChanged(requirementClass: RequirementClass): void {
    if (requirementClass.line.size > 0) {
      this.#idle.delete(requirementClass);
      requirementClass.wake();
      this.#takeTurn(requirementClass);
      return;
    }
    this.#takeTurn(requirementClass);
    requirementClass.rest();
    if (requirementClass.grouped > 0) {
      this.#idle.delete(requirementClass);
      return;
    }
    this.#idle.add(requirementClass);
    const [longest] = this.#idle;
    if (longest && this.#idle.size > IDLE_CLASSES) this.#drop(longest);
  }

  #takeTurn(requirementClass: RequirementClass): void {
    if (requirementClass.canGo) this.ready.put(requirementClass.turn);
    else this.ready.remove(requirementClass.turn);
  }

  #displace(drone: Drone, requirementClass: RequirementClass): void {
    const place = drone.places.get(requirementClass);
    if (!place) return;
    drone.places.delete(requirementClass);
    requirementClass.displace(drone, place);
    this.#takeTurn(requirementClass);
  }

  #drop(requirementClass: RequirementClass): void {
    this.#idle.delete(requirementClass);
    this.classes.delete(requirementClass.key);
    for (const drone of this.drones.values()) drone.places.delete(requirementClass);
    this.version++;
  }
}
