import type { ScheduleBody } from '@skep/protocol';

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Schedules to begin with. */
export const scheduleExamples: readonly ScheduleBody[] = [
  {
    name: 'nightly',
    description: 'the whole suite, every night',
    when: { cron: '30 2 * * *', zone },
    job: { phases: { test: ['make check'] } },
  },
  {
    name: 'links',
    description: 'a quick check of what may break by itself',
    when: { every: 'daily' },
    job: { phases: { test: ['npm run check-links'] } },
  },
  {
    name: 'weekly-clean',
    description: 'what a machine needs now and then',
    when: { cron: '0 5 * * 0', zone },
    job: { phases: { test: ['docker system prune --force'] } },
  },
];
