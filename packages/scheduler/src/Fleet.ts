import { SkepError } from '@skep/protocol';
import { compareJobs } from './compareJobs.js';
import type { Drone } from './Drone.js';
import type { Moves } from './Group.js';
import { Groups } from './Groups.js';
import { outlookOf } from './outlookOf.js';
import { Registry } from './Registry.js';
import type { Fleet, WaitingJob } from './types.js';
import type { Waiter } from './Waiter.js';
import { WaitingReasons } from './WaitingReasons.js';

/**
 * An empty fleet. What DESIGN.md section 5 leaves open is settled so:
 *
 * - A job is pointed at a drone (the shortest queue among the open drones that meet its requirements) when it is added,
 *   when its drone is gone, has closed or no longer meets them, and, if there was no such drone, when one comes. It
 *   stays pointed at it although another queue may become shorter.
 * - The best waiting job of all goes to whichever drone can run it at once, wherever it was pointed. For that choice it
 *   no longer counts as waiting.
 * - "Longest idle" is the drone that freed a slot longest ago; for one that never did, that came longest ago.
 * - A job whose turn changes chooses its drone anew.
 * - A job that is routed again while an earlier attempt still holds a slot takes a second one, also on the same drone.
 *   `hold` takes none where the job holds one already, and none on a drone that is not there.
 * - A job whose group has no room for it waits in no line and for no drone: it is `group-full`, and counts nowhere. There
 *   is no room for it when as many jobs as the group has places left come before it in the group with the same requirements.
 *   A place in a group is held until `release`, also while its drone is gone.
 * - All that is alike in every respect is ordered by id.
 *
 * A decision (`release` and `next`) costs O(different requirements x (log drones + log jobs)).
 */
export function createFleet(): Fleet {
  const registry = new Registry();
  const waiters = new Map<string, Waiter>();
  const groups = new Groups();
  const reasons = new WaitingReasons(registry, groups);

  function point(waiter: Waiter): void {
    const drone = waiter.requirementClass.open.first;
    if (!drone) return;
    drone.addWaiter(waiter);
    registry.refresh(drone);
  }

  function unpoint(waiter: Waiter): void {
    const { drone } = waiter;
    if (!drone) return;
    drone.removeWaiter(waiter);
    registry.refresh(drone);
  }

  /** Points those of a drone's jobs that cannot wait for it any more at others, the next job first. */
  function pointElsewhere(drone: Drone): void {
    const leaving = [...drone.waiters]
      .filter(({ requirementClass }) => drone.closed || !drone.places.has(requirementClass))
      .sort(compareJobs);
    for (const waiter of leaving) drone.removeWaiter(waiter);
    registry.refresh(drone);
    for (const waiter of leaving) point(waiter);
  }

  /** Points jobs that had no drone to wait for at this one. All jobs of a class are pointed at some drone, or none is. */
  function pointHere(drone: Drone): void {
    if (drone.closed) return;
    for (const { line } of drone.places.keys()) {
      if (line.first === undefined || line.first.drone) continue;
      for (const waiter of line) drone.addWaiter(waiter);
    }
    registry.refresh(drone);
  }

  function enterLine(waiter: Waiter): void {
    waiter.requirementClass.line.add(waiter);
    registry.lineChanged(waiter.requirementClass);
    point(waiter);
  }

  function leaveLine(waiter: Waiter): void {
    waiter.requirementClass.line.remove(waiter);
    registry.lineChanged(waiter.requirementClass);
  }

  /** Lets a group's jobs into line and takes them out, as its room says; those that come in are pointed, the next first. */
  function follow({ enter, leave }: Moves): void {
    for (const waiter of leave) {
      unpoint(waiter);
      leaveLine(waiter);
    }
    for (const waiter of enter.sort(compareJobs)) enterLine(waiter);
  }

  function addJob({ id, requirements, priority, order, group }: WaitingJob): void {
    if (waiters.has(id)) throw new SkepError('INTERNAL', `Job ${id} waits already`);
    const waiter: Waiter = { id, priority, order, group, requirementClass: registry.classOf(requirements), drone: undefined };
    waiters.set(id, waiter);
    if (!group) {
      enterLine(waiter);
      return;
    }
    const moves = groups.add(waiter, group);
    registry.lineChanged(waiter.requirementClass);
    follow(moves);
  }

  function removeJob(waiter: Waiter): void {
    waiters.delete(waiter.id);
    const isInLine = groups.isInLine(waiter);
    const moves = groups.remove(waiter);
    if (isInLine) {
      unpoint(waiter);
      leaveLine(waiter);
    } else registry.lineChanged(waiter.requirementClass);
    follow(moves);
  }

  return {
    setDrone(info, nowMs) {
      const drone = registry.describe(info, nowMs);
      pointElsewhere(drone);
      pointHere(drone);
    },

    removeDrone(id) {
      const drone = registry.drones.get(id);
      if (!drone) return;
      registry.forget(drone);
      pointElsewhere(drone);
    },

    addJob,

    removeJob(id) {
      const waiter = waiters.get(id);
      if (waiter) removeJob(waiter);
      return waiter !== undefined;
    },

    moveJob(id, turn) {
      const waiter = waiters.get(id);
      if (!waiter) return false;
      removeJob(waiter);
      addJob({ id, requirements: waiter.requirementClass.requirements, group: waiter.group, ...turn });
      return true;
    },

    next() {
      const waiter = registry.ready.first?.line.first;
      if (!waiter) return undefined;
      unpoint(waiter);
      const drone = waiter.requirementClass.free.first;
      if (!drone) return undefined;
      drone.takeSlot(waiter.id);
      registry.refresh(drone);
      waiters.delete(waiter.id);
      const moves = groups.start(waiter);
      leaveLine(waiter);
      follow(moves);
      return { jobId: waiter.id, droneId: drone.id };
    },

    hold(droneId, jobId, group) {
      if (group) follow(groups.hold(jobId, group));
      const drone = registry.drones.get(droneId);
      if (!drone || drone.holds(jobId)) return;
      drone.takeSlot(jobId);
      registry.refresh(drone);
    },

    release(droneId, jobId, nowMs) {
      const drone = registry.drones.get(droneId);
      if (drone?.freeSlot(jobId, nowMs)) registry.refresh(drone);
      follow(groups.release(jobId));
    },

    why(jobId) {
      const waiter = waiters.get(jobId);
      return waiter && reasons.of(waiter);
    },

    outlook(jobId, atMost) {
      const waiter = waiters.get(jobId);
      return waiter && groups.isInLine(waiter) ? outlookOf(waiter, atMost) : undefined;
    },

    load(droneId) {
      const drone = registry.drones.get(droneId);
      return drone && { running: drone.running, waiting: drone.waiting, capacity: drone.capacity };
    },

    get waiting() {
      return waiters.size;
    },
  };
}
