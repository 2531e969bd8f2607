import { type CancelAnswer, GRACE_MS } from '@skep/protocol';
import { tellJobChanged } from './announce.js';
import { type Core, type Decision, decide, decideAlone } from './core.js';
import { endAttempt, endQueued } from './endAttempt.js';
import { noteGap } from './gaps.js';
import type { LiveJob } from './LiveJob.js';

/** How long a drone may take to end an attempt after it was told to: its grace, and 30 s for the rest. */
const CONFIRM_MS = GRACE_MS + 30_000;

/** What is said where a cancel gives no reason. */
const NO_REASON = 'cancelled';

/** Ends a job that is not done: at once if it waits, else by the word of its drone. Said twice, the drone is told again. */
export async function cancelJob(core: Core, job: LiveJob, reason: string = NO_REASON): Promise<CancelAnswer> {
  await decide(core, (decision) => cancelWithin(core, decision, job, reason));
  return { status: job.record.status };
}

/** The same as part of a greater decision. Of a parent, it ends all children. */
export function cancelWithin(core: Core, decision: Decision, job: LiveJob, reason: string): void {
  if (job.family) {
    job.record.cancelReason ??= reason;
    decision.saveJob(job);
    for (const child of job.family.liveIds.map((id) => core.jobs.get(id))) if (child) cancelWithin(core, decision, child, reason);
    return;
  }
  if (!job.attempt) {
    endQueued(core, decision, job, 'cancelled', reason);
    return;
  }
  job.record.cancelReason ??= reason;
  decision.saveJob(job);
  decision.tell(() => tellCancel(core, job));
  tellJobChanged(core, decision, job);
  awaitEnd(core, job);
}

/** Tells the drone again to end an attempt whose cancel is under way: it may have been away. */
export function tellCancel(core: Core, job: LiveJob): void {
  const { cancelReason } = job.record;
  if (job.attempt && cancelReason !== null) core.announcer.tellDrone(job.attempt.record.droneId, 'job:cancel', job.id, cancelReason);
}

/** Ends the attempt without the word of its drone, if that does not come in time. */
export function awaitEnd(core: Core, job: LiveJob): void {
  job.setTimer(core.clock, 'cancel', CONFIRM_MS, () => endUnconfirmed(core, job, 'cancelled'));
}

/** Ends an attempt that has run over its time limit: the drone should have ended it, and is told to now. */
export function endOverdue(core: Core, job: LiveJob): void {
  if (!job.attempt) return;
  core.announcer.tellDrone(job.attempt.record.droneId, 'job:cancel', job.id, 'timed-out');
  job.setTimer(core.clock, 'cancel', CONFIRM_MS, () => endUnconfirmed(core, job, 'timed-out'));
}

function endUnconfirmed(core: Core, job: LiveJob, outcome: 'cancelled' | 'timed-out'): void {
  const { attempt } = job;
  if (!attempt) return;
  decideAlone(core, (decision) => {
    job.record.confirmed = false;
    attempt.record.outputState = 'partial';
    attempt.record.missing = 'the drone did not say how it ended';
    noteGap(attempt.record, attempt.record.missing);
    endAttempt(core, decision, job, attempt, { outcome, reason: job.record.cancelReason ?? outcome, exitCode: null, signal: null });
  });
}
