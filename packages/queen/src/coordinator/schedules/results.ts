import { maskJob, SCHEDULE_RESULTS, type Schedule, type ScheduleResult } from '@skep/protocol';
import type { ScheduleRunRecord, ScheduleRunRow } from '@skep/store';
import type { Core, Decision } from '../core.js';
import type { LiveJob } from '../LiveJob.js';
import { scheduleOf } from './ids.js';
import type { LiveSchedule } from './LiveSchedule.js';

/** How many of the next times a schedule is shown with. */
const SHOWN_TIMES = 5;

/** Writes what became of a time. */
export function addResult(decision: Decision, schedule: LiveSchedule, run: Omit<ScheduleRunRecord, 'schedule'>): void {
  const record: ScheduleRunRecord = { schedule: schedule.name, ...run };
  decision.write({ type: 'schedule-run', record });
  const row: ScheduleRunRow = { ...record, status: record.jobId === null ? null : 'queued', outcome: null, finishedAt: null };
  schedule.results = [...schedule.results, row].slice(-SCHEDULE_RESULTS);
}

/** A job is done: if a schedule made it, the next time finds it over. */
export function noteJobDone(core: Core, decision: Decision, { record }: LiveJob): void {
  const schedule = core.schedules.get(scheduleOf(record.job) ?? '');
  if (!schedule || record.parent !== null) return;
  const { status, outcome, finishedAt } = record;
  schedule.running.delete(record.id);
  schedule.results = schedule.results.map((row) => (row.jobId === record.id ? { ...row, status, outcome, finishedAt } : row));
  tellSchedule(core, decision, schedule);
}

/** Has watchers told what a schedule is by this decision. */
export function tellSchedule(core: Core, decision: Decision, schedule: LiveSchedule): void {
  decision.tell(() => {
    if (core.schedules.get(schedule.name) === schedule) core.announcer.scheduleChanged(shownSchedule(core, schedule));
  });
}

/** A schedule as it is shown. */
export function shownSchedule(core: Core, schedule: LiveSchedule): Schedule {
  const { name, spec, createdAt, changedAt, pausedAt, pauseReason } = schedule.record;
  return {
    name,
    ...spec,
    ...(spec.job && { job: maskJob(spec.job) }),
    missed: schedule.missed,
    overlap: schedule.overlap,
    paused: pausedAt === null ? null : { since: pausedAt, ...(pauseReason !== null && { reason: pauseReason }) },
    created: createdAt,
    changed: changedAt,
    next: schedule.next(core.clock.now(), SHOWN_TIMES),
    running: [...schedule.running],
    results: schedule.results.map((row) => shownResult(core, row)).reverse(),
  };
}

function shownResult(
  core: Core,
  { dueAt, decidedAt, jobId, status, outcome, finishedAt, skipped, reason }: ScheduleRunRow,
): ScheduleResult {
  const now = (jobId !== null && core.jobs.get(jobId)?.record.status) || status;
  return {
    due: dueAt,
    at: decidedAt,
    ...(jobId !== null && { job: jobId }),
    ...(now !== null && { status: now }),
    ...(outcome !== null && { outcome }),
    ...(finishedAt !== null && { finished: finishedAt }),
    ...(skipped !== null && { skipped }),
    ...(reason !== null && { reason }),
  };
}
