import { compareIds } from './compareIds.js';
import { type Loaded, load } from './load.js';

/** What decides between two drones that may run the same job. */
export interface Standing extends Loaded {
  id: string;
  /** Higher is faster. */
  speed: number;
  /** Unix ms: when it last got a free slot back, or came. */
  becameIdleAt: number;
}

/**
 * Orders drones that have a free slot, best first: the fastest, then the least loaded, then the longest idle, then by id.
 * @returns negative if `a` is the better choice, 0 only for a drone and itself (DESIGN.md section 5, rule 2)
 */
export const compareDrones = (a: Standing, b: Standing): number =>
  b.speed - a.speed || load(a) - load(b) || a.becameIdleAt - b.becameIdleAt || compareIds(a.id, b.id);

/**
 * Orders drones by their queues, best first: the shortest relative to capacity, then the fastest, then by id.
 * @returns negative if `a` is the better one to wait for, 0 only for a drone and itself (DESIGN.md section 5, rule 3)
 */
export const compareQueues = (a: Standing, b: Standing): number => load(a) - load(b) || b.speed - a.speed || compareIds(a.id, b.id);
