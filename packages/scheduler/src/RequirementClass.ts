import type { Requirements } from '@skep/protocol';
import { compareDrones, compareQueues } from './compareDrones.js';
import { compareJobs } from './compareJobs.js';
import type { Drone, Place } from './Drone.js';
import { Heap, heapNode } from './Heap.js';
import type { Waiter } from './Waiter.js';
import { WaitingLine } from './WaitingLine.js';

/** All jobs with the same requirements, and all drones that meet them. */
export class RequirementClass {
  /** Its jobs that wait for a drone. */
  readonly line = new WaitingLine<Waiter>();
  /** How many of its jobs wait in a group, in line or not. */
  grouped = 0;
  /** The drones that would run its next job at once, best first. */
  readonly free = new Heap<Drone>(compareDrones);
  /** The drones that take new jobs, the shortest queue first. */
  readonly open = new Heap<Drone>(compareQueues);
  /** The drones that take no new jobs. */
  readonly closed = new Set<Drone>();
  /** Its place among the classes that can go. */
  readonly turn = heapNode<RequirementClass>(this);
  /** While it rests: the drones that are in neither heap because they have changed since. */
  readonly #changed = new Set<Drone>();
  #resting = false;

  /** @param requirements in canonical form */
  constructor(
    readonly key: string,
    readonly requirements: Requirements,
  ) {}

  /** Whether it has a job and a drone to run it at once. */
  get canGo(): boolean {
    return this.free.size > 0 && this.line.size > 0;
  }

  /** Puts a drone that meets the requirements where its load and its words say that it belongs. */
  place(drone: Drone, place: Place): void {
    if (drone.closed || this.#resting) this.displace(drone, place);
    if (drone.closed) this.closed.add(drone);
    else if (this.#resting) this.#changed.add(drone);
    else {
      this.closed.delete(drone);
      this.open.put(place.open);
      if (drone.hasFreeSlot) this.free.put(place.free);
      else this.free.remove(place.free);
    }
  }

  /** Takes a drone out. */
  displace(drone: Drone, place: Place): void {
    this.closed.delete(drone);
    this.#changed.delete(drone);
    this.open.remove(place.open);
    this.free.remove(place.free);
  }

  /** It has no jobs: from here on a drone that changes is only taken out, once, until the next job comes. */
  rest(): void {
    this.#resting = true;
  }

  /** It has a job again. */
  wake(): void {
    if (!this.#resting) return;
    this.#resting = false;
    for (const drone of this.#changed) this.place(drone, drone.placeIn(this));
    this.#changed.clear();
  }
}

/** Orders classes that can go by the job that would go. */
export function compareClasses(a: RequirementClass, b: RequirementClass): number {
  const [ours, theirs] = [a.line.first, b.line.first];
  return ours && theirs ? compareJobs(ours, theirs) : 0;
}
