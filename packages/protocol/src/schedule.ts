import * as z from 'zod';
import { Job } from './job.js';
import { TemplateUse } from './template.js';
import { JobId, JobStatus, Outcome, Timestamp } from './vocabulary.js';

/** A name that can stand in addresses and in the ids of jobs. */
export const ScheduleName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'must be 1 to 63 of letters, digits and . _ -, and begin with a letter or digit')
  .meta({ id: 'ScheduleName', description: 'A schedule: 1 to 63 letters, digits and `. _ -`.' });

const Zone = z.string().min(1).max(100).describe('A time zone such as `Europe/Vienna`; UTC if absent.');

/** When a schedule runs. */
export const When = z
  .union([
    z.strictObject({
      cron: z.string().min(1).max(200).describe('Five fields: minute, hour, day of the month, month, day of the week.'),
      zone: Zone.optional(),
    }),
    z.strictObject({
      every: z
        .union([
          z
            .number()
            .int()
            .min(1)
            .max(366 * 24 * 3600),
          z.enum(['hourly', 'daily', 'weekly']),
        ])
        .describe('Seconds, counted from when the schedule was made; or a word: then the minute, hour and weekday follow from the name.'),
      zone: Zone.optional(),
    }),
  ])
  .meta({ id: 'When', description: 'When a schedule runs.' });
export type When = z.infer<typeof When>;

/** What becomes of the times that pass while the queen is down. */
export const MissedPolicy = z
  .enum(['skip', 'once', 'all'])
  .meta({ id: 'MissedPolicy', description: 'Of the times that passed while the queen was down: none, the last, or all of them run.' });
export type MissedPolicy = z.infer<typeof MissedPolicy>;

/** What becomes of a time at which the last run is not over. */
export const OverlapPolicy = z.enum(['skip', 'queue', 'cancel-old']).meta({
  id: 'OverlapPolicy',
  description: 'When the last run is not over: nothing, wait for its end, or cancel it.',
});
export type OverlapPolicy = z.infer<typeof OverlapPolicy>;

const spec = {
  description: z.string().max(1000).optional(),
  job: Job.optional().describe('What to run; its id is made of the name and the time. Either this or `template`.'),
  template: TemplateUse.optional().describe('What to run, as a template with its values.'),
  when: When,
  missed: MissedPolicy.optional().describe('once if absent.'),
  overlap: OverlapPolicy.optional().describe('skip if absent.'),
};

/** A schedule as it is added. */
export const ScheduleBody = z
  .strictObject({ name: ScheduleName, ...spec })
  .meta({ id: 'ScheduleBody', description: 'A schedule as it is added.' });
export type ScheduleBody = z.infer<typeof ScheduleBody>;

/** What is to be changed of a schedule; what is absent stays. */
export const ScheduleChange = z
  .strictObject(spec)
  .partial()
  .meta({ id: 'ScheduleChange', description: 'What is to be changed of a schedule; what is absent stays as it is.' });
export type ScheduleChange = z.infer<typeof ScheduleChange>;

/** An instant at which a schedule runs. */
export const DueTime = z
  .object({ at: Timestamp, local: z.string().describe('The same in the zone of the schedule, such as `2026-11-24T03:00:00+01:00`.') })
  .meta({ id: 'DueTime', description: 'An instant at which a schedule runs.' });
export type DueTime = z.infer<typeof DueTime>;

/** What became of one time of a schedule, or of a run by hand. */
export const ScheduleResult = z
  .object({
    due: Timestamp.nullable().describe('The time that it was for; null if it was run by hand.'),
    at: Timestamp.describe('When that was decided.'),
    job: JobId.optional().describe('The job that was made.'),
    status: JobStatus.optional().describe('What the job is now; absent where there is none any more.'),
    outcome: Outcome.optional(),
    finished: Timestamp.optional(),
    skipped: z
      .enum(['missed', 'overlap', 'refused'])
      .optional()
      .describe('Why no job was made: the queen was down, the last run was not over, or the job could not be made.'),
    reason: z.string().optional().describe('The same in words.'),
  })
  .meta({ id: 'ScheduleResult', description: 'What became of one time of a schedule.' });
export type ScheduleResult = z.infer<typeof ScheduleResult>;

/** A schedule as it is shown. */
export const Schedule = z
  .object({
    name: ScheduleName,
    ...spec,
    job: Job.optional().describe('Secrets masked.'),
    missed: MissedPolicy,
    overlap: OverlapPolicy,
    paused: z.object({ since: Timestamp, reason: z.string().optional() }).nullable().describe('null while it is enabled.'),
    created: Timestamp,
    changed: Timestamp.describe('When somebody last added, changed, paused or resumed it.'),
    next: z.array(DueTime).describe('The next five times; while it is paused, those at which it would run.'),
    running: z.array(JobId).describe('Its jobs that are not done, the oldest first; without those run by hand.'),
    results: z.array(ScheduleResult).describe('The last 20, the newest first.'),
  })
  .meta({ id: 'Schedule', description: 'A schedule: what it runs, when, and what became of it.' });
export type Schedule = z.infer<typeof Schedule>;

export const SchedulesAnswer = z.object({ schedules: z.array(Schedule) }).meta({ id: 'SchedulesAnswer' });
export const PauseBody = z.object({ reason: z.string().max(500).optional() }).meta({ id: 'PauseBody' });

const HowMany = z.coerce.number().int().min(1).max(100).default(10).describe('How many times are wanted.');
export const NextQuery = z.object({ n: HowMany }).meta({ id: 'NextQuery' });

/** A `When` that may not be right yet, as somebody types it. */
export const PreviewQuery = z
  .object({
    cron: z.string().max(200).optional(),
    every: z.string().max(20).optional().describe('Seconds, or `hourly`, `daily`, `weekly`.'),
    zone: z.string().max(100).optional(),
    name: z.string().max(200).optional().describe('The name of the schedule, from which the times of `daily` and its like follow.'),
    n: HowMany,
  })
  .meta({ id: 'PreviewQuery', description: 'When a schedule would run.' });
export type PreviewQuery = z.infer<typeof PreviewQuery>;

/** What is wrong with an expression, and where. */
export const WhenProblem = z
  .object({
    field: z.enum(['cron', 'every', 'zone']).describe('Which of the fields is wrong.'),
    message: z.string(),
    from: z.number().int().min(0).describe('Where in it the fault begins, in characters from 0.'),
    length: z.number().int().min(0).describe('How many characters it has; 0: something is missing there.'),
  })
  .meta({ id: 'WhenProblem', description: 'What is wrong with an expression, and where.' });
export type WhenProblem = z.infer<typeof WhenProblem>;

export const NextTimes = z
  .object({ times: z.array(DueTime), problem: WhenProblem.optional().describe('There are no times then.') })
  .meta({ id: 'NextTimes', description: 'When a schedule runs next.' });
export type NextTimes = z.infer<typeof NextTimes>;
