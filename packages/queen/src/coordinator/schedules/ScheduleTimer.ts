import type { Core } from '../core.js';
import type { LiveSchedule } from './LiveSchedule.js';
import { runDue } from './runDue.js';

/** How often the clock on the wall is looked at: a timer does not notice when that is set, and none is as long as a schedule may be. */
const LOOK_MS = 30_000;

/** Calls when a schedule is due. It trusts no timer for longer than half a minute, and decides by the clock alone. */
export class ScheduleTimer {
  #cancel: (() => void) | undefined;

  constructor(private readonly core: Core) {}

  /** Carries out what is due, and comes back when the next one is. To be called whenever a schedule has changed. */
  look(): void {
    this.clear();
    const now = this.core.clock.now();
    let waitMs = LOOK_MS;
    let isAnyEnabled = false;
    for (const schedule of [...this.core.schedules.values()]) {
      if (schedule.record.pausedAt !== null) continue;
      isAnyEnabled = true;
      if (schedule.isBusy) continue;
      if (isDue(schedule, now)) this.#carryOut(schedule);
      else waitMs = Math.min(waitMs, Math.max(schedule.nextAt ?? Number.POSITIVE_INFINITY, schedule.retryAt) - now);
    }
    if (isAnyEnabled) this.#cancel = this.core.clock.setTimer(() => this.look(), Math.max(0, waitMs));
  }

  clear(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #carryOut(schedule: LiveSchedule): void {
    const { core } = this;
    schedule.isBusy = true;
    runDue(core, schedule)
      .catch((error: unknown) => {
        core.log.warn({ err: error, schedule: schedule.name }, 'a schedule is due and cannot run now');
        schedule.retryAt = core.clock.now() + LOOK_MS;
      })
      .finally(() => {
        schedule.isBusy = false;
        // One that is not there any more was changed, removed, or forgotten with all else.
        if (core.schedules.get(schedule.name) === schedule) this.look();
      });
  }
}

const DAY_MS = 24 * 3_600_000;

/** Whether something is to be decided. A clock that was set back by more than a day was wrong before, so its times count anew. */
function isDue(schedule: LiveSchedule, now: number): boolean {
  if (schedule.record.decidedUntil > now + DAY_MS) schedule.decideUntil(now);
  return schedule.nextAt !== undefined && schedule.nextAt <= now && schedule.retryAt <= now;
}
