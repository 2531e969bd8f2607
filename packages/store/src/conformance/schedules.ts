import { describe, expect, test } from '@jest/globals';
import { SCHEDULE_RESULTS } from '@skep/protocol';
import type { ScheduleRecord, ScheduleRunRecord } from '../records.js';
import { aJob, aState, NOW } from './samples.js';
import { type Open, useStore } from './useStore.js';

const aSchedule = (name: string, changed: Partial<ScheduleRecord> = {}): ScheduleRecord => ({
  name,
  spec: { job: { phases: { test: ['make'] } }, when: { cron: '0 3 * * *', zone: 'Europe/Vienna' } },
  createdAt: NOW,
  changedAt: NOW,
  anchorAt: NOW,
  decidedUntil: NOW,
  pausedAt: null,
  pauseReason: null,
  ...changed,
});

const aRun = (schedule: string, dueAt: number, changed: Partial<ScheduleRunRecord> = {}): ScheduleRunRecord => ({
  schedule,
  dueAt,
  decidedAt: dueAt + 1,
  jobId: null,
  skipped: null,
  reason: null,
  ...changed,
});

const noJob = { status: null, outcome: null, finishedAt: null };

/** Schedules with what became of their times, templates, and platforms that are dropped. */
export function describeSchedules(open: Open): void {
  describe('schedules and templates', () => {
    const opened = useStore(open);

    test('a schedule is kept whole over a restart, replaced, and dropped with its runs', async () => {
      const { store, reopen } = opened();
      const paused = aSchedule('b', { pausedAt: NOW + 1, pauseReason: 'holidays', decidedUntil: NOW + 5 });
      await store.commit([
        { type: 'schedule', record: aSchedule('b') },
        { type: 'schedule', record: aSchedule('a') },
        { type: 'schedule-run', record: aRun('a', NOW, { skipped: 'missed', reason: 'the queen was not there' }) },
        { type: 'schedule', record: paused },
      ]);
      const again = await reopen();
      expect(await again.schedules()).toEqual([aSchedule('a'), paused]);
      await again.commit([
        { type: 'drop-schedule', name: 'a' },
        { type: 'drop-schedule', name: 'nobody' },
      ]);
      expect(await again.schedules()).toEqual([paused]);
      expect(await again.scheduleRuns()).toEqual([]);
    });

    test('a run is given with what became of its job, and with nothing where there is none', async () => {
      const { store } = opened();
      const runs = [
        aRun('a', NOW, { jobId: 'done' }),
        aRun('a', NOW + 1, { skipped: 'overlap', reason: 'job done was not over' }),
        aRun('a', NOW + 2, { jobId: 'waits', dueAt: null }),
        aRun('a', NOW + 3, { jobId: 'removed' }),
      ];
      await store.commit([
        { type: 'schedule', record: aSchedule('a') },
        { type: 'job', record: aJob('done') },
        { type: 'job', record: aJob('waits') },
        ...runs.map((record) => ({ type: 'schedule-run', record }) as const),
      ]);
      await store.commit([{ type: 'job-state', id: 'done', state: aState({ status: 'done', outcome: 'failed', finishedAt: NOW + 9 }) }]);
      expect(await store.scheduleRuns()).toEqual([
        { ...runs[0], status: 'done', outcome: 'failed', finishedAt: NOW + 9 },
        { ...runs[1], ...noJob },
        { ...runs[2], status: 'queued', outcome: null, finishedAt: null },
        { ...runs[3], ...noJob },
      ]);
    });

    test('the newest runs of each schedule are kept', async () => {
      const { store } = opened();
      await store.commit([
        { type: 'schedule', record: aSchedule('busy') },
        { type: 'schedule', record: aSchedule('calm') },
        { type: 'schedule-run', record: aRun('calm', NOW) },
      ]);
      const count = SCHEDULE_RESULTS + 7;
      for (let i = 0; i < count; i += 1) await store.commit([{ type: 'schedule-run', record: aRun('busy', NOW + i) }]);
      const runs = await store.scheduleRuns();
      expect(runs.filter(({ schedule }) => schedule === 'calm')).toHaveLength(1);
      const due = runs.flatMap(({ schedule, dueAt }) => (schedule === 'busy' ? [dueAt] : []));
      expect(due).toEqual(Array.from({ length: SCHEDULE_RESULTS }, (_, i) => NOW + 7 + i));
    });

    test('a run of a schedule that there is not is refused, with all that came with it', async () => {
      const { store } = opened();
      const refused = store.commit([
        { type: 'job', record: aJob('a') },
        { type: 'schedule-run', record: aRun('nobody', NOW) },
      ]);
      await expect(refused).rejects.toMatchObject({ code: 'STORE_FAILED' });
      expect(await store.job('a')).toBeUndefined();
    });

    test('a dropped platform is kept over a restart, dropped for another reason, and restored', async () => {
      const { store, reopen } = opened();
      const freebsd = { name: 'freebsd-14', reason: 'new disks', droppedAt: NOW };
      const windows = { name: 'win32 x64', reason: null, droppedAt: NOW + 1 };
      await store.commit([windows, { ...freebsd, reason: null }].map((record) => ({ type: 'dropped-platform', record }) as const));
      await store.commit([{ type: 'dropped-platform', record: freebsd }]);
      const again = await reopen();
      expect(await again.droppedPlatforms()).toEqual([freebsd, windows]);
      await again.commit(['win32 x64', 'nobody'].map((name) => ({ type: 'restore-platform', name }) as const));
      expect(await again.droppedPlatforms()).toEqual([freebsd]);
    });

    test('a template is kept, replaced, and dropped', async () => {
      const { store } = opened();
      const template = {
        name: 'build',
        spec: { job: { project: '{{name}}' }, parameters: [{ name: 'name' }] },
        createdAt: 1,
        changedAt: 2,
      };
      await store.commit([
        { type: 'template', record: { ...template, spec: { job: {} } } },
        { type: 'template', record: { ...template, name: 'all' } },
        { type: 'template', record: template },
      ]);
      expect(await store.templates()).toEqual([{ ...template, name: 'all' }, template]);
      await store.commit([
        { type: 'drop-template', name: 'all' },
        { type: 'drop-template', name: 'nobody' },
      ]);
      expect(await store.templates()).toEqual([template]);
    });
  });
}
