import type { Outcome } from '@skep/protocol';
import { groupOf, isTask, requirementsOf } from '@skep/protocol';
import type { AttemptRecord } from '@skep/store';
import { type Ends, forgetPending, mustPass, reasonAfter, takeBehind, waitForJobs } from './after.js';
import { summarize, tellDroneChanged, tellJobChanged } from './announce.js';
import { assignWaiting } from './assign.js';
import { type Core, type Decision, decideAlone } from './core.js';
import { tellHooks } from './hooks.js';
import type { LiveAttempt, LiveJob } from './LiveJob.js';
import type { Ending } from './outcomeOf.js';
import { addPlan } from './parents/addPlan.js';
import { childEnded, followChild } from './parents/followChild.js';
import { noteJobDone } from './schedules/results.js';

const FIRST_BACKOFF_S = 1;
const LONGEST_BACKOFF_S = 600;

/**
 * Ends an attempt's lease, frees its slot, and decides what becomes of the job: tried again, or done. The slot goes to
 * the next job in the same decision.
 */
export function endAttempt(core: Core, decision: Decision, job: LiveJob, attempt: LiveAttempt, ending: Ending): void {
  const { record } = attempt;
  const now = core.clock.now();
  Object.assign(record, ending, { endedAt: now, finishedAt: record.finishedAt ?? now });
  job.attempt = null;
  job.clearTimers();
  job.record.cursor = record.firstCursor + record.events;
  decision.saveAttempt(attempt);
  core.fleet.release(record.droneId, job.id, now);
  const drone = core.drones.get(record.droneId);
  if (drone) {
    drone.attempts.delete(job.id);
    const release = () => openAgain(core, record.droneId);
    if (drone.count(core, job.record.job, ending, release) && drone.ready) core.fleet.setDrone(drone.toFleetDrone(), now);
    decision.tell(() => tellDroneChanged(core, drone));
  }
  if (ending.outcome === 'passed') decision.tell(() => rememberRun(core, job, record));
  const final = afterCancel(job, ending);
  const failures = job.failures;
  const backoffMs = retryBackoffMs(core, job, attempt, final.outcome);
  if (job.failures > failures) {
    const reason = record.error?.message ?? final.reason ?? final.outcome;
    const retryAt = backoffMs === null ? null : now + backoffMs;
    tellHooks(core, decision, 'countFailed', job, { failures: job.failures, reason, retryAt });
  }
  job.result = record.result;
  if (backoffMs === null) finishJob(core, decision, job, final, record.finishedAt ?? now);
  else requeue(core, decision, job, backoffMs);
  assignWaiting(core, decision);
}

/** Has what this run took told to those that ask how long the next one will take. */
function rememberRun(
  { history }: Core,
  { record: { runKey } }: LiveJob,
  { startedAt, finishedAt, droneId, droneSpeed }: AttemptRecord,
): void {
  if (runKey === null || startedAt === null || finishedAt === null || droneSpeed === null || finishedAt < startedAt) return;
  history.add(runKey, { durationMs: finishedAt - startedAt, droneId, speed: droneSpeed });
}

/** A job whose cancel was asked for is cancelled, unless it passed before that took effect. */
function afterCancel({ record }: LiveJob, ending: Ending): Ending {
  if (record.cancelReason === null || ending.outcome === 'passed' || ending.outcome === 'timed-out') return ending;
  if (ending.outcome === 'lost') record.confirmed = false;
  return { ...ending, outcome: 'cancelled', reason: record.cancelReason };
}

/** How long to wait before the next attempt; null if there is to be none. One that was lost before it started does not count. */
function retryBackoffMs(core: Core, job: LiveJob, { record }: LiveAttempt, outcome: Outcome): number | null {
  if (outcome === 'passed' || outcome === 'cancelled') return null;
  const { retry, idempotent } = job.record.job;
  const isLost = outcome === 'lost';
  if (isLost && job.record.status === 'assigned') return 0;
  const mayRunTwice = !record.deployBegan && (!isTask(job.record.job) || idempotent === true);
  const allowed = isLost ? (retry?.lost ?? (mayRunTwice ? 1 : 0)) : (retry?.failed ?? 0);
  const had = isLost ? job.lostAttempts++ : job.failedAttempts++;
  if (had >= allowed) return null;
  const seconds = Math.min((retry?.backoff ?? FIRST_BACKOFF_S) * 2 ** had, LONGEST_BACKOFF_S);
  // Between half and all of it, so that jobs that fell together do not come back together.
  return Math.round(seconds * 1000 * (0.5 + core.random() / 2));
}

/** Puts a job back in line: at once, or after a back-off. */
export function requeue(core: Core, decision: Decision, job: LiveJob, backoffMs: number): void {
  Object.assign(job.record, { status: 'queued', droneId: null, droneName: null, phase: null, startedAt: null });
  job.record.notBefore = backoffMs > 0 ? core.clock.now() + backoffMs : null;
  decision.saveJob(job);
  waitInLine(core, job);
  tellJobChanged(core, decision, job);
  followChild(core, decision, job);
}

/** Has a job wait for those that it comes after, then for a drone; one that comes after a job which did not pass is over. */
export function waitForTurn(core: Core, decision: Decision, job: LiveJob, ends: Ends): void {
  const hopeless = waitForJobs(core, job, ends);
  if (hopeless !== undefined) endQueued(core, decision, job, 'cancelled', hopeless);
  else if (job.pending.size === 0) waitInLine(core, job);
}

/** Has a queued job wait for a drone, and first for the end of its back-off; also sets the end of its wait, where it has one. */
export function waitInLine(core: Core, job: LiveJob): void {
  const { notBefore, job: spec } = job.record;
  const now = core.clock.now();
  if (spec.timeout?.queue !== undefined && job.record.attempt === 0) {
    const endsAt = job.readyAt + spec.timeout.queue * 1000;
    job.setTimer(core.clock, 'queue-timeout', Math.max(0, endsAt - now), () =>
      decideAlone(core, (decision) => endQueued(core, decision, job, 'timed-out', 'no drone took it in time')),
    );
  }
  if (notBefore !== null && notBefore > now) {
    job.setTimer(core.clock, 'retry', notBefore - now, () => {
      job.record.notBefore = null;
      decideAlone(core, (decision) => {
        decision.saveJob(job);
        waitInLine(core, job);
        assignWaiting(core, decision);
        tellJobChanged(core, decision, job);
      });
    });
    return;
  }
  job.record.notBefore = null;
  core.fleet.addJob({ id: job.id, requirements: requirementsOf(spec), ...core.turnOf(job), group: groupOf(spec) });
}

/** Ends a job that waits. What its group had no room for beside it may go out. */
export function endQueued(core: Core, decision: Decision, job: LiveJob, outcome: Outcome, reason: string): void {
  leaveQueue(core, job);
  finishJob(core, decision, job, { outcome, reason, exitCode: null, signal: null }, core.clock.now());
  assignWaiting(core, decision);
}

function leaveQueue(core: Core, job: LiveJob): void {
  core.fleet.removeJob(job.id);
  job.clearTimers();
  forgetPending(core, job);
}

/** Ends a parent whose children are over, by what they left behind. */
export function endParent(core: Core, decision: Decision, parent: LiveJob, ending: Ending): void {
  finishJob(core, decision, parent, ending, core.clock.now());
  assignWaiting(core, decision);
}

/**
 * A job is done. Those that come after it wait for it no more, or, if it did not pass, are over too, and so are those behind
 * them. So may its parent be; or it is built once more.
 */
function finishJob(core: Core, decision: Decision, job: LiveJob, ending: Ending, finishedAt: number): void {
  const ended = [{ job, ending }];
  const ready: LiveJob[] = [];
  // A list, not recursion: those behind may be a chain of any length.
  for (const each of ended) {
    finishAlone(core, decision, each.job, each.ending, finishedAt);
    const { outcome } = each.ending;
    const next = childEnded(core, decision, each.job);
    if (next && 'ending' in next) ended.push({ job: next.parent, ending: next.ending });
    else if (next) {
      for (const made of addPlan(core, decision, next.build)) {
        // It may have been changed since the parent was submitted.
        made.record.priority = next.parent.record.priority;
        followChild(core, decision, made);
        ready.push(made);
      }
    }
    for (const behind of takeBehind(core, each.job.id)) {
      if (outcome !== 'passed' && mustPass(behind, each.job.id)) {
        leaveQueue(core, behind);
        const reason = reasonAfter(each.job.id, outcome);
        ended.push({ job: behind, ending: { outcome: 'cancelled', reason, exitCode: null, signal: null } });
      } else if (behind.pending.size === 0) ready.push(behind);
    }
  }
  for (const each of ready) {
    each.readyAt = core.clock.now();
    waitInLine(core, each);
  }
  if (ready.length > 0) assignWaiting(core, decision);
  for (const each of ready) if (!each.attempt) tellJobChanged(core, decision, each);
}

function finishAlone(
  core: Core,
  decision: Decision,
  job: LiveJob,
  { outcome, reason, exitCode, signal }: Ending,
  finishedAt: number,
): void {
  const { record } = job;
  Object.assign(record, { status: 'done', outcome, reason, exitCode, signal, finishedAt, phase: null, notBefore: null });
  core.jobs.delete(job.id);
  decision.saveJob(job);
  const summary = summarize(core, job);
  noteJobDone(core, decision, job);
  decision.tell(() => {
    if (!job.family)
      core.meter.jobDone(outcome, (record.startedAt ?? finishedAt) - record.queuedAt, finishedAt - (record.startedAt ?? finishedAt));
    core.announcer.jobChanged(summary);
    core.announcer.jobDone(summary);
  });
  if (outcome === 'passed') tellHooks(core, decision, 'complete', job, { value: job.result }, summary);
  else tellHooks(core, decision, 'failed', job, {}, summary);
}

/** Lets a drone whose quarantine is over have jobs again. */
function openAgain(core: Core, droneId: string): void {
  const drone = core.drones.get(droneId);
  if (!drone?.link || !drone.ready) return;
  decideAlone(core, (decision) => {
    core.fleet.setDrone(drone.toFleetDrone(), core.clock.now());
    assignWaiting(core, decision);
    decision.tell(() => tellDroneChanged(core, drone));
  });
}
