import {
  MAX_SCHEDULES,
  type NextTimes,
  nearest,
  type PreviewQuery,
  parseAs,
  type Schedule,
  type ScheduleBody,
  SkepError,
  When,
} from '@skep/protocol';
import { localTime, timesOf, whenProblem } from '@skep/scheduler';
import type { ScheduleRecord } from '@skep/store';
import type { ScheduleDesk } from '../../ports.js';
import { type Core, decide } from '../core.js';
import { planOf } from '../parents/planOf.js';
import { checkSpec } from './checkSpec.js';
import { isOfTime } from './ids.js';
import { jobOf } from './jobOf.js';
import { LiveSchedule } from './LiveSchedule.js';
import { addResult, shownSchedule, tellSchedule } from './results.js';

/** What people ask about schedules. @param checkReady throws while nothing can be decided */
export function createScheduleDesk(core: Core, checkReady: () => void): ScheduleDesk {
  const find = (name: string): LiveSchedule => {
    checkReady();
    const found = core.schedules.get(name);
    if (found) return found;
    const near = nearest(name, core.schedules.keys());
    throw new SkepError('SCHEDULE_NOT_FOUND', `There is no schedule ${name}${near === undefined ? '' : `; did you mean ${near}?`}`);
  };

  /** Puts a schedule in place of what has its name. Resolved when it is durable. */
  async function put(record: ScheduleRecord, before?: LiveSchedule): Promise<Schedule> {
    const schedule = new LiveSchedule(record, before?.running ?? runningOf(core, record.name), before?.results ?? []);
    core.schedules.set(record.name, schedule);
    await decide(core, (decision) => {
      decision.write({ type: 'schedule', record });
      tellSchedule(core, decision, schedule);
    });
    core.scheduleTimer.look();
    return shownSchedule(core, schedule);
  }

  const setPaused = (name: string, pausedAt: number | null, pauseReason: string | null): Promise<Schedule> => {
    const before = find(name);
    const now = core.clock.now();
    // What came while it was paused was not missed.
    const decidedUntil = before.record.pausedAt === null ? before.record.decidedUntil : now;
    return put({ ...before.record, pausedAt, pauseReason, changedAt: now, decidedUntil }, before);
  };

  return {
    list() {
      checkReady();
      return [...core.schedules.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map((each) => shownSchedule(core, each));
    },

    get: (name) => shownSchedule(core, find(name)),

    async add({ name, ...spec }: ScheduleBody) {
      checkReady();
      checkSpec(core, spec);
      if (core.schedules.has(name)) throw new SkepError('SCHEDULE_EXISTS', `There is a schedule ${name} already`);
      if (core.schedules.size >= MAX_SCHEDULES) throw new SkepError('TOO_MANY_SCHEDULES', `There are ${MAX_SCHEDULES} schedules already`);
      const now = core.clock.now();
      const whole = now - (now % 1000);
      return put({
        name,
        spec,
        createdAt: now,
        changedAt: now,
        anchorAt: whole,
        decidedUntil: now,
        pausedAt: null,
        pauseReason: null,
      });
    },

    async change(name, change) {
      const before = find(name);
      const { when = before.record.spec.when, ...others } = change;
      const spec = { ...before.record.spec, ...others, when };
      if (change.job) delete spec.template;
      if (change.template) delete spec.job;
      checkSpec(core, spec);
      const now = core.clock.now();
      const isSameTime = JSON.stringify(spec.when) === JSON.stringify(before.record.spec.when);
      const times = isSameTime ? {} : { anchorAt: now - (now % 1000), decidedUntil: now };
      return put({ ...before.record, spec, changedAt: now, ...times }, before);
    },

    async remove(name) {
      find(name);
      core.schedules.delete(name);
      await decide(core, (decision) => {
        decision.write({ type: 'drop-schedule', name });
        decision.tell(() => {
          if (!core.schedules.has(name)) core.announcer.scheduleRemoved(name);
        });
      });
    },

    pause: async (name, reason) => setPaused(name, core.clock.now(), reason ?? null),
    resume: async (name) => setPaused(name, null, null),

    async run(name) {
      const schedule = find(name);
      const plan = planOf(core, jobOf(core, schedule.record, {}), core.newId());
      return core.addJob(plan, new Map(), (decision, jobId) => {
        addResult(decision, schedule, { dueAt: null, decidedAt: core.clock.now(), jobId, skipped: null, reason: null });
        tellSchedule(core, decision, schedule);
      });
    },

    next: (name, count) => find(name).next(core.clock.now(), count),
    preview: (query) => preview(query, core.clock.now()),
  };
}

/** The jobs of a schedule of this name that there was before. */
function runningOf(core: Core, name: string): Set<string> {
  const jobs = [...core.jobs.values()].filter(({ record }) => isOfTime(record, name));
  return new Set(jobs.map(({ id }) => id));
}

function preview({ cron, every, zone, name = '', n }: PreviewQuery, nowMs: number): NextTimes {
  const zoned = zone === undefined || zone === '' ? {} : { zone };
  const period = every !== undefined && /^\d+$/.test(every) ? Number(every) : every;
  const given = cron !== undefined ? { cron, ...zoned } : { every: period, ...zoned };
  if (cron === '') return { times: [], problem: { field: 'cron', message: 'Give five fields, such as 0 3 * * *', from: 0, length: 0 } };
  const when = When.safeParse(given);
  if (!when.success && cron === undefined) {
    const message = 'Give a number of seconds from 1 to a year, hourly, daily or weekly';
    return { times: [], problem: { field: 'every', message, from: 0, length: every?.length ?? 0 } };
  }
  const right = parseAs(When, given, 'The query');
  const problem = whenProblem(right);
  if (problem) return { times: [], problem };
  const times = timesOf(right, name, nowMs - (nowMs % 1000)).after(nowMs, n);
  return { times: times.map((at) => ({ at, local: localTime(at, right.zone ?? 'UTC') })) };
}
