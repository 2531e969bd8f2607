import { type Children, groupOf } from '@skep/protocol';
import type { JobRecord, UnfinishedJob } from '@skep/store';
import type { End, Ends } from './after.js';
import { assignWaiting, awaitOverdue } from './assign.js';
import { awaitEnd } from './cancel.js';
import { type Core, decide } from './core.js';
import { awaitReturn, forgetLongGone, giveUp, isLasting } from './drones.js';
import { waitForTurn, waitInLine } from './endAttempt.js';
import { LiveDrone } from './LiveDrone.js';
import { LiveJob } from './LiveJob.js';
import { newDroneRecord } from './newRecords.js';
import { Family } from './parents/Family.js';
import { recoverSchedules } from './schedules/recoverSchedules.js';
import { tellUsualSoon } from './usual.js';

/**
 * Rebuilds from the store what was waiting and running. Each drone that held attempts gets its time to come back and
 * say what it holds; only those that cannot come back as themselves are given up at once.
 */
export async function recover(core: Core): Promise<void> {
  const { store } = core;
  const [unfinished, drones, lastLease, dropped] = await Promise.all([
    store.unfinished(),
    store.drones(),
    store.lastLease(),
    store.droppedPlatforms(),
  ]);
  core.lastLease = lastLease;
  for (const platform of dropped) core.platforms.set(platform.name, platform);
  for (const record of drones) {
    const drone = new LiveDrone(record);
    drone.dropped = core.platforms.get(record.platform ?? '');
    core.drones.set(record.id, drone);
  }
  for (const entry of unfinished) await recoverJob(core, entry);
  for (const job of core.jobs.values()) if (job.record.parentOf) job.family = await familyOf(core, job.record, job.record.parentOf);
  const ends = await endsBefore(core);
  // Only now that all of them are known: jobs wait for others.
  await decide(core, (decision) => {
    for (const job of [...core.jobs.values()]) {
      if (job.attempt || job.family) continue;
      if (job.record.attempt === 0) waitForTurn(core, decision, job, ends);
      else waitInLine(core, job);
    }
  });
  for (const drone of [...core.drones.values()]) {
    if (!isLasting(drone)) giveUp(core, drone);
    else if (drone.attempts.size > 0) awaitReturn(core, drone);
  }
  await decide(core, (decision) => {
    forgetLongGone(core, decision);
    assignWaiting(core, decision);
  });
  for (const job of core.jobs.values()) if (job.family?.isOver) core.onBuilt(job);
  await recoverSchedules(core);
}

async function recoverJob(core: Core, { job: record, attempt, commands }: UnfinishedJob): Promise<void> {
  const job = new LiveJob(record, ++core.lastOrder);
  core.jobs.set(job.id, job);
  const past = record.attempt > 1 ? await core.store.attempts(job.id) : [];
  job.lostAttempts = past.filter(({ outcome }) => outcome === 'lost').length;
  job.failedAttempts = past.filter(({ outcome }) => outcome !== null && outcome !== 'lost').length;
  if (!attempt || attempt.endedAt !== null) return;
  job.attempt = {
    record: attempt,
    commands: new Map(commands.map((command) => [command.num, command])),
    currentCommand: commands.reduce<number | null>((last, { num }) => (num >= 0 ? Math.max(last ?? 0, num) : last), null),
    // Nothing of its output was seen by this process; without output there is nothing to have seen.
    hash: undefined,
    usual: undefined,
  };
  if (record.status === 'running') tellUsualSoon(core, job);
  droneOf(core, attempt.droneId, attempt.droneName).attempts.add(job.id);
  // Its place in its group is taken from the start; its slot, when its drone has said that it holds it.
  core.fleet.hold(attempt.droneId, job.id, groupOf(record.job));
  awaitOverdue(core, job, attempt.grantedAt);
  if (record.cancelReason !== null) awaitEnd(core, job);
}

/** The children of a parent, also those that are done. */
const familyOf = async ({ store }: Core, { id, children }: JobRecord, kind: Children['kind']): Promise<Family> =>
  new Family(kind, await store.children(id), children?.leftOut ?? []);

/** How those jobs ended that live ones come after. One that is not in the store was removed when it was done. */
async function endsBefore(core: Core): Promise<Ends> {
  const ends = new Map<string, End>();
  for (const { record } of core.jobs.values()) {
    for (const id of record.attempt === 0 ? [...(record.job.after ?? []), ...(record.job.follows ?? [])] : []) {
      if (core.jobs.has(id) || ends.has(id)) continue;
      const end = await core.store.job(id);
      if (end) ends.set(id, end);
    }
  }
  return ends;
}

/** The drone that held an attempt; one that gave no id is not in the store. */
function droneOf(core: Core, id: string, name: string): LiveDrone {
  const known = core.drones.get(id);
  if (known) return known;
  const drone = new LiveDrone(newDroneRecord(id, name, core.clock.now()));
  core.drones.set(id, drone);
  return drone;
}
