import { type DroneInfo, type HeldAttempt, type ResumeVerdict, SkepError } from '@skep/protocol';
import { PASSING_ID } from '../passingId.js';
import type { DroneLink } from '../ports.js';
import { tellDroneChanged } from './announce.js';
import { assignWaiting } from './assign.js';
import { tellCancel } from './cancel.js';
import { type Core, type Decision, decide, decideAlone } from './core.js';
import { endAttempt } from './endAttempt.js';
import { noteGap } from './gaps.js';
import { LiveDrone } from './LiveDrone.js';
import type { LiveJob } from './LiveJob.js';
import { newDroneRecord } from './newRecords.js';

const DAY_MS = 24 * 3_600_000;
/** How long a drone that is gone stays on the list, in ms, unless people take it off sooner. */
const FORGET_MS = 30 * DAY_MS;

/** A drone says what it is: joins, or changes. */
export function takeDroneInfo(core: Core, link: DroneLink, info: DroneInfo): void {
  const now = core.clock.now();
  const drone = core.drones.get(link.droneId) ?? new LiveDrone(newDroneRecord(link.droneId, link.droneId, now));
  core.drones.set(drone.id, drone);
  if (drone.link && drone.link.linkId !== link.linkId) core.announcer.dropDrone(drone.id, drone.link.linkId);
  const isNewLink = drone.link?.linkId !== link.linkId;
  if (isNewLink) {
    drone.link = link;
    drone.ready = false;
    drone.record.connectedAt = now;
  }
  const changed = drone.update(info, now);
  drone.dropped = core.platforms.get(drone.record.platform ?? '');
  decideAlone(core, (decision) => {
    if (link.lasting && (changed || isNewLink)) decision.write({ type: 'drone', record: { ...drone.record } });
    // A packed drone says next what it holds; until then nobody knows how many of its slots are free.
    if (!link.packed && !drone.ready) goOnUnasked(core, drone);
    if (drone.ready) core.fleet.setDrone(drone.toFleetDrone(), now);
    assignWaiting(core, decision);
    if (changed || isNewLink) decision.tell(() => tellDroneChanged(core, drone));
  });
}

/**
 * A drone that cannot say what it holds is presumed to hold what it held; what it said meanwhile is missing. What it was
 * never told of, it is told now.
 */
function goOnUnasked(core: Core, drone: LiveDrone): void {
  openSlots(core, drone);
  for (const job of heldBy(core, drone)) {
    job.clearTimer('lost');
    const { attempt } = job;
    if (attempt?.tellLater) {
      attempt.tellLater();
      delete attempt.tellLater;
    } else if (attempt) {
      attempt.record.missing = 'the drone lost its connection';
      noteGap(attempt.record, attempt.record.missing);
    }
    tellCancel(core, job);
  }
}

/** The drone may be given jobs from now on; the slots of what it holds are taken. */
function openSlots(core: Core, drone: LiveDrone): void {
  drone.ready = true;
  drone.cancelGiveUp();
  core.fleet.setDrone(drone.toFleetDrone(), core.clock.now());
  for (const jobId of drone.attempts) core.fleet.hold(drone.id, jobId);
}

const heldBy = (core: Core, drone: LiveDrone): LiveJob[] =>
  [...drone.attempts].map((id) => core.jobs.get(id)).filter((job) => job !== undefined);

/**
 * A packed drone says all that it holds: each attempt goes on from what is durable here, or stops if its lease has
 * ended. What it should hold and does not is lost, or routed again if it had not started.
 */
export async function takeResume(core: Core, link: DroneLink, held: readonly HeldAttempt[]): Promise<ResumeVerdict[]> {
  const drone = core.drones.get(link.droneId);
  if (drone?.link?.linkId !== link.linkId) throw new SkepError('NOT_REGISTERED');
  const verdicts = held.map((attempt) => judge(core, drone, attempt));
  const going = new Set(verdicts.filter(({ action }) => action === 'continue').map(({ id }) => id));
  await decide(core, (decision) => {
    if (!drone.ready) openSlots(core, drone);
    for (const job of heldBy(core, drone)) {
      job.clearTimer('lost');
      if (going.has(job.id)) decision.tell(() => tellCancel(core, job));
      else loseAttempt(core, decision, job, 'the drone does not hold it any more');
    }
    assignWaiting(core, decision);
    decision.tell(() => tellDroneChanged(core, drone));
  });
  return verdicts;
}

function judge(core: Core, drone: LiveDrone, { id, attempt, lease }: HeldAttempt): ResumeVerdict {
  const live = core.jobs.get(id)?.attempt?.record;
  if (live && live.droneId === drone.id && live.attempt === attempt && live.lease === lease)
    return { id, attempt, action: 'continue', cursor: live.events };
  return { id, attempt, action: 'stop', reason: 'its lease has ended' };
}

/** Anything was heard of a drone. Written once a day, so that one that is there is never taken for one long gone. */
export function takeDroneSeen(core: Core, { droneId, lasting }: DroneLink): void {
  const drone = core.drones.get(droneId);
  if (!drone) return;
  const { record } = drone;
  const before = record.seenAt;
  record.seenAt = core.clock.now();
  if (lasting && Math.floor(before / DAY_MS) !== Math.floor(record.seenAt / DAY_MS))
    decideAlone(core, (decision) => decision.write({ type: 'drone', record: { ...record } }));
}

/** A connection is gone. What a drone that can come back holds is kept for a while; all else is lost. */
export function takeDroneGone(core: Core, link: DroneLink, clean: boolean): void {
  const drone = core.drones.get(link.droneId);
  if (drone?.link?.linkId !== link.linkId) return;
  drone.link = null;
  drone.ready = false;
  core.fleet.removeDrone(drone.id);
  if (link.lasting && !(clean && drone.attempts.size === 0)) awaitReturn(core, drone);
  else giveUp(core, drone);
  decideAlone(core, (decision) => {
    // Jobs that waited for it wait for another now, or may go out.
    assignWaiting(core, decision);
    forgetLongGone(core, decision);
  });
}

/** Forgets drones that nobody has heard of for so long that nobody misses them. */
export function forgetLongGone(core: Core, decision: Decision): void {
  for (const drone of core.drones.values())
    if (!drone.link && drone.attempts.size === 0 && core.clock.now() - drone.record.seenAt > FORGET_MS) forget(core, decision, drone);
}

function forget(core: Core, decision: Decision, drone: LiveDrone): void {
  drone.clearTimers();
  core.drones.delete(drone.id);
  decision.write({ type: 'forget-drone', id: drone.id });
  decision.tell(() => {
    sayDied(core, drone);
    core.announcer.droneForgotten(drone.id);
  });
}

/** Gives a drone that is gone its time to come back, and each of its attempts its own. */
export function awaitReturn(core: Core, drone: LiveDrone): void {
  for (const job of heldBy(core, drone)) {
    job.setTimer(core.clock, 'lost', job.lostAfterMs(core), () => {
      decideAlone(core, (decision) => loseAttempt(core, decision, job, 'its drone stayed away'));
    });
  }
  drone.giveUpAfter(core, core.lostAfterMs, () => {
    drone.cancelGiveUp();
    sayDied(core, drone);
  });
  if (drone.joined) core.announcer.droneChanged(drone.summary(core));
}

/** What the drone held is lost, and it is forgotten if it has no id of its own. */
export function giveUp(core: Core, drone: LiveDrone): void {
  decideAlone(core, (decision) => {
    for (const job of heldBy(core, drone)) loseAttempt(core, decision, job, 'its drone is gone');
  });
  drone.cancelGiveUp();
  if (!isLasting(drone)) {
    drone.clearTimers();
    core.drones.delete(drone.id);
  }
  sayDied(core, drone);
}

export const isLasting = (drone: LiveDrone): boolean => !drone.id.startsWith(PASSING_ID);

/** Tells watchers that a drone is gone, if they know it. */
export function sayDied(core: Core, drone: LiveDrone): void {
  if (!drone.joined) return;
  drone.joined = false;
  core.announcer.droneDied(drone.id);
}

function loseAttempt(core: Core, decision: Decision, job: LiveJob, reason: string): void {
  const { attempt } = job;
  if (!attempt) return;
  attempt.record.outputState = 'partial';
  attempt.record.missing = `${reason}: what it wrote after event ${attempt.record.events} is unknown`;
  noteGap(attempt.record, reason);
  endAttempt(core, decision, job, attempt, { outcome: 'lost', reason, exitCode: null, signal: null });
}

/** People have a drone take no new jobs, or have it take jobs again. */
export function setDrained(core: Core, drone: LiveDrone, reason: string | null): Promise<void> {
  drone.record.drainReason = reason;
  if (reason === null && drone.quarantinedUntil !== null) drone.release();
  return decide(core, (decision) => {
    if (isLasting(drone)) decision.write({ type: 'drone', record: { ...drone.record } });
    if (drone.ready) core.fleet.setDrone(drone.toFleetDrone(), core.clock.now());
    assignWaiting(core, decision);
    decision.tell(() => tellDroneChanged(core, drone));
  });
}

/** Forgets a drone that is gone and holds nothing. @throws {SkepError} DRONE_IN_USE */
export function forgetDrone(core: Core, drone: LiveDrone): Promise<void> {
  const { record } = drone;
  if (drone.link) throw new SkepError('DRONE_IN_USE', `Drone ${record.name} is connected`);
  if (drone.attempts.size > 0) throw new SkepError('DRONE_IN_USE', `Drone ${record.name} still holds ${drone.attempts.size} jobs`);
  return decide(core, (decision) => forget(core, decision, drone));
}

/** The drone with this id; else the one with this name. @throws {SkepError} DRONE_NOT_FOUND */
export function findDrone(core: Core, idOrName: string): LiveDrone {
  const named = () => [...core.drones.values()].find(({ record }) => record.name === idOrName);
  const drone = core.drones.get(idOrName) ?? named();
  if (!drone) throw new SkepError('DRONE_NOT_FOUND', `There is no drone ${idOrName}`);
  return drone;
}
