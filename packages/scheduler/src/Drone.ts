import type { Standing } from './compareDrones.js';
import { type HeapNode, heapNode } from './Heap.js';
import type { RequirementClass } from './RequirementClass.js';
import type { Offer } from './requirements.js';
import type { FleetDrone } from './types.js';
import type { Waiter } from './Waiter.js';

/** Where a drone stands among those that meet the requirements of one class. */
export interface Place {
  free: HeapNode<Drone>;
  open: HeapNode<Drone>;
}

/** A connected drone: what it said of itself, what it runs, and what waits for it. */
export class Drone implements Standing, Offer {
  readonly id: string;
  name = '';
  speed = 1;
  capacity = 1;
  closed = false;
  labels: Readonly<Record<string, string>> = {};
  plugins: ReadonlySet<string> = new Set();
  handlers: ReadonlySet<string> = new Set();
  platform: string | null = null;
  becameIdleAt: number;
  // Numbers of their own beside the collections that they count: every comparison of two drones reads them.
  running = 0;
  waiting = 0;
  /** The classes whose requirements it meets. */
  readonly places = new Map<RequirementClass, Place>();
  readonly #waiters = new Set<Waiter>();
  /** How many of its slots each job holds: two while an attempt that lost its lease is killed beside its successor. */
  readonly #held = new Map<string, number>();

  constructor(id: string, nowMs: number) {
    this.id = id;
    this.becameIdleAt = nowMs;
  }

  /** Whether it would run a job at once, if it may run it at all. */
  get hasFreeSlot(): boolean {
    return !this.closed && this.running < this.capacity;
  }

  /** Takes over what a drone says of itself; the caller then has to find its places anew. */
  describe({ name, speed, capacity, labels, plugins, handlers, platform, closed }: FleetDrone): void {
    this.name = name;
    this.speed = speed;
    this.capacity = capacity;
    this.labels = { ...labels };
    this.plugins = new Set(plugins);
    this.handlers = new Set(handlers);
    this.platform = platform;
    this.closed = closed;
  }

  /** The waiting jobs that are pointed at it. */
  get waiters(): Iterable<Waiter> {
    return this.#waiters;
  }

  addWaiter(waiter: Waiter): void {
    waiter.drone = this;
    this.#waiters.add(waiter);
    this.waiting = this.#waiters.size;
  }

  removeWaiter(waiter: Waiter): void {
    waiter.drone = undefined;
    this.#waiters.delete(waiter);
    this.waiting = this.#waiters.size;
  }

  holds(jobId: string): boolean {
    return this.#held.has(jobId);
  }

  takeSlot(jobId: string): void {
    this.#held.set(jobId, (this.#held.get(jobId) ?? 0) + 1);
    this.running++;
  }

  /** Frees one of the slots that the job holds here; false if it holds none. */
  freeSlot(jobId: string, nowMs: number): boolean {
    const slots = this.#held.get(jobId);
    if (slots === undefined) return false;
    if (slots > 1) this.#held.set(jobId, slots - 1);
    else this.#held.delete(jobId);
    this.running--;
    this.becameIdleAt = nowMs;
    return true;
  }

  /** Its place in a class, made if it has none yet. */
  placeIn(requirementClass: RequirementClass): Place {
    const known = this.places.get(requirementClass);
    if (known) return known;
    const place = { free: heapNode<Drone>(this), open: heapNode<Drone>(this) };
    this.places.set(requirementClass, place);
    return place;
  }
}
