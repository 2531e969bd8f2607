import { createHash } from 'node:crypto';
import { type AssignedJob, JOB_TIMEOUT_S } from '@skep/protocol';
import { tellDroneChanged, tellJobChanged } from './announce.js';
import type { Core, Decision } from './core.js';
import { tellHooks } from './hooks.js';
import type { LiveDrone } from './LiveDrone.js';
import type { LiveAttempt, LiveJob } from './LiveJob.js';
import { newAttemptRecord } from './newRecords.js';
import { followChild } from './parents/followChild.js';

/** How much longer than its own time limit an attempt may take before the queen ends it, in ms: the drone ends it first. */
const OVERDUE_MS = 90_000;

/** Grants a lease for every job that can go out now. */
export function assignWaiting(core: Core, decision: Decision): void {
  for (let choice = core.fleet.next(); choice; choice = core.fleet.next()) {
    const job = core.jobs.get(choice.jobId);
    const drone = core.drones.get(choice.droneId);
    if (!job || !drone) throw new Error(`The scheduler knows job ${choice.jobId} or drone ${choice.droneId}, the coordinator does not`);
    grantLease(core, decision, job, drone);
  }
}

/** Has the attempt ended by the queen if its drone lets its time limit pass. */
export function awaitOverdue(core: Core, job: LiveJob, grantedAt: number): void {
  const limitMs = (job.record.job.timeout?.job ?? JOB_TIMEOUT_S) * 1000 + OVERDUE_MS;
  job.setTimer(core.clock, 'overdue', Math.max(0, grantedAt + limitMs - core.clock.now()), () => core.onOverdue(job));
}

function grantLease(core: Core, decision: Decision, job: LiveJob, drone: LiveDrone): void {
  const { record } = job;
  const now = core.clock.now();
  core.lastLease += 1;
  record.attempt += 1;
  record.status = 'assigned';
  record.droneId = drone.id;
  record.droneName = drone.record.name;
  record.phase = null;
  record.startedAt = null;
  record.notBefore = null;
  const attempt: LiveAttempt = {
    record: newAttemptRecord(job, drone, core.lastLease, now),
    commands: new Map(),
    currentCommand: null,
    hash: createHash('sha256'),
    usual: undefined,
  };
  job.attempt = attempt;
  drone.attempts.add(job.id);
  job.clearTimer('queue-timeout');
  awaitOverdue(core, job, now);
  decision.saveAttempt(attempt);
  decision.saveJob(job);
  const holder = { id: job.id, attempt: record.attempt, lease: core.lastLease };
  // Not spread: what is spread into what follows costs twenty times as much, and this is done for every job.
  const order: AssignedJob = Object.assign({}, record.job, holder, { job_id: job.id, assigned: now, ticket: core.tickets.of(holder) });
  decision.tell(() => {
    // The drone may have gone and come back meanwhile, and its lease have been ended for it, or be about to: what it says
    // next is that it does not hold the job.
    const isStillIts = job.attempt === attempt && core.drones.get(drone.id) === drone;
    const give = (): void => core.announcer.tellDrone(drone.id, 'queue:new', order);
    if (isStillIts && drone.ready) give();
    else if (isStillIts) attempt.tellLater = give;
    tellDroneChanged(core, drone);
  });
  tellJobChanged(core, decision, job);
  followChild(core, decision, job);
  tellHooks(core, decision, 'staged', job);
}
