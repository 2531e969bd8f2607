import { createHash } from 'node:crypto';
import { type AssignedJob, JOB_TIMEOUT_S } from '@skep/protocol';
import type { AttemptRecord } from '@skep/store';
import { tellDroneChanged, tellJobChanged } from './announce.js';
import type { Core, Decision } from './core.js';
import type { LiveDrone } from './LiveDrone.js';
import { attemptChange, jobChange, type LiveJob } from './LiveJob.js';

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
  job.attempt = {
    record: newAttempt(job, drone, core.lastLease, now),
    commands: new Map(),
    currentCommand: null,
    hash: createHash('sha256'),
  };
  drone.attempts.add(job.id);
  job.clearTimer('queue-timeout');
  const limitMs = (record.job.timeout?.job ?? JOB_TIMEOUT_S) * 1000 + OVERDUE_MS;
  job.setTimer(core.clock, 'overdue', limitMs, () => core.onOverdue(job));
  decision.write(attemptChange(job.attempt), jobChange(job));
  const order: AssignedJob = { ...record.job, id: job.id, job_id: job.id, attempt: record.attempt, lease: core.lastLease, assigned: now };
  decision.tell(() => {
    core.announcer.tellDrone(drone.id, 'queue:new', order);
    tellJobChanged(core, job);
    tellDroneChanged(core, drone);
  });
}

const newAttempt = ({ record }: LiveJob, drone: LiveDrone, lease: number, now: number): AttemptRecord => ({
  jobId: record.id,
  attempt: record.attempt,
  lease,
  droneId: drone.id,
  droneName: drone.record.name,
  grantedAt: now,
  queuedAt: null,
  startedAt: null,
  phaseStartedAt: null,
  testedAt: null,
  finishedAt: null,
  endedAt: null,
  outcome: null,
  reason: null,
  error: null,
  phase: null,
  deployBegan: false,
  testCode: null,
  testTimeMs: null,
  deployCode: null,
  deployTimeMs: null,
  exitCode: null,
  signal: null,
  progress: null,
  result: null,
  firstCursor: record.cursor,
  events: 0,
  outputBytes: 0,
  outputLines: 0,
  outputState: 'growing',
  sha256: null,
  missing: null,
});
