import { MAX_MADE_UP, MAX_QUEUED_RUNS, SCHEDULE_RESULTS, toSkepError } from '@skep/protocol';
import { planRuns } from '@skep/scheduler';
import { cancelWithin } from '../cancel.js';
import { type Core, type Decision, decide } from '../core.js';
import { checkIds } from '../parents/addPlan.js';
import { type Plan, planOf } from '../parents/planOf.js';
import { dueId, isoTime } from './ids.js';
import { jobOf } from './jobOf.js';
import type { LiveSchedule } from './LiveSchedule.js';
import { addResult, tellSchedule } from './results.js';

/**
 * Carries out all times of a schedule that have come, one after the other. The job of a time and that it was decided are
 * one commit; and its id follows from name and time, so that it could not be made twice even by a clock that is set back.
 * @throws {SkepError} where a job cannot be made now: its time is not decided, and is tried again
 */
export async function runDue(core: Core, schedule: LiveSchedule): Promise<void> {
  for (;;) {
    const now = core.clock.now();
    const { run, missed } = planRuns(schedule.due(now, MAX_MADE_UP + 1), now, schedule.missed);
    const first = run[0];
    const until = first?.due ?? missed.at(-1);
    if (until === undefined) return;
    const id = dueId(schedule.name, until);
    const isKnown = core.jobs.has(id) || (await core.store.job(id)) !== undefined;
    // Whoever changed it meanwhile has made another of it.
    if (core.schedules.get(schedule.name) !== schedule) return;
    const note = (decision: Decision): void => {
      schedule.decideUntil(until);
      decision.write({ type: 'schedule', record: schedule.record });
      // More than are kept need not be written.
      for (const dueAt of missed.slice(-SCHEDULE_RESULTS))
        addResult(decision, schedule, { dueAt, decidedAt: now, jobId: null, skipped: 'missed', reason: 'the queen was not there' });
      tellSchedule(core, decision, schedule);
    };
    if (!first || isKnown) await decide(core, note);
    else await runOne(core, schedule, first.due, first.isMadeUp, note);
  }
}

async function runOne(
  core: Core,
  schedule: LiveSchedule,
  due: number,
  isMadeUp: boolean,
  note: (decision: Decision) => void,
): Promise<void> {
  const skip = (skipped: 'overlap' | 'refused', reason: string): Promise<void> =>
    decide(core, (decision) => {
      note(decision);
      addResult(decision, schedule, { dueAt: due, decidedAt: core.clock.now(), jobId: null, skipped, reason });
    });
  const running = [...schedule.running].filter((id) => core.jobs.has(id));
  const last = running.at(-1);
  // All that are made up for come at once: unless they wait for each other, none but the first could run.
  const overlap = isMadeUp && schedule.missed === 'all' ? 'queue' : schedule.overlap;
  if (last !== undefined && overlap === 'skip') return skip('overlap', `job ${last} was not over`);
  if (running.length > MAX_QUEUED_RUNS) return skip('overlap', `${running.length} of its jobs were not over`);
  const id = dueId(schedule.name, due);
  const follows = last === undefined ? {} : { follows: overlap === 'queue' ? [last] : running };
  let plan: Plan;
  try {
    plan = planOf(core, { ...jobOf(core, schedule.record, { due: isoTime(due) }), id, ...follows }, id);
    if (plan.family) await checkIds(core, plan);
  } catch (error) {
    const { code, message } = toSkepError(error);
    if (code === 'STORE_FAILED') throw error;
    return skip('refused', message);
  }
  // Whoever changed it meanwhile has made another of it.
  if (core.schedules.get(schedule.name) !== schedule) return;
  await core.addJob(plan, new Map(), (decision) => {
    note(decision);
    for (const old of overlap === 'cancel-old' ? running : []) {
      const live = core.jobs.get(old);
      if (live) cancelWithin(core, decision, live, `schedule ${schedule.name} has begun anew`);
    }
    schedule.running.add(id);
    addResult(decision, schedule, { dueAt: due, decidedAt: core.clock.now(), jobId: id, skipped: null, reason: null });
  });
}
