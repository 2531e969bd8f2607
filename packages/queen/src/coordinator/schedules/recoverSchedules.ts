import type { ScheduleRunRow } from '@skep/store';
import type { Core } from '../core.js';
import { isOfTime, scheduleOf } from './ids.js';
import { LiveSchedule } from './LiveSchedule.js';

/** Rebuilds templates and schedules from the store; the live jobs are known by now. */
export async function recoverSchedules(core: Core): Promise<void> {
  const [records, runs, templates] = await Promise.all([core.store.schedules(), core.store.scheduleRuns(), core.store.templates()]);
  for (const template of templates) core.templates.set(template.name, template);
  const results = new Map<string, ScheduleRunRow[]>(records.map(({ name }) => [name, []]));
  for (const run of runs) results.get(run.schedule)?.push(run);
  const running = new Map<string, Set<string>>(records.map(({ name }) => [name, new Set()]));
  for (const { id, record } of core.jobs.values()) {
    const name = scheduleOf(record.job) ?? '';
    if (isOfTime(record, name)) running.get(name)?.add(id);
  }
  for (const record of records)
    core.schedules.set(record.name, new LiveSchedule(record, running.get(record.name) ?? new Set(), results.get(record.name) ?? []));
}
