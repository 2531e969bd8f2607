import * as z from 'zod';
import { type DroneSummary, JobSummary } from './jobInfo.js';
import { Timestamp } from './vocabulary.js';

/** What hooks tell of: each job is created, then staged with each attempt, and in the end complete or failed. */
export const HookName = z.enum(['created', 'staged', 'progress', 'complete', 'countFailed', 'failed']).meta({
  id: 'HookName',
  description: 'What a hook tells of: complete is passed, failed any other outcome; countFailed comes with each attempt that failed.',
});
export type HookName = z.infer<typeof HookName>;

/** What hooks are told, when it is durable. */
export const JobNotice = z
  .object({
    hook: HookName,
    job: JobSummary.describe('The job as it was by then.'),
    value: z.unknown().optional().describe('Of progress, what the task said; of complete, what it returned.'),
    failures: z.number().int().min(1).optional().describe('Of countFailed: how many attempts have failed or were lost by now.'),
    reason: z.string().optional().describe('Of countFailed: why this attempt failed, in words.'),
    retryAt: Timestamp.nullable().optional().describe('Of countFailed: when the next attempt may begin; null if there is none.'),
  })
  .meta({ id: 'JobNotice', description: 'What a hook is told.' });
export type JobNotice = z.infer<typeof JobNotice>;

/** A place in the notices of a queen: of which life of it, and how many there were. */
export const NoticePlace = z
  .object({ life: z.string().max(100).describe('Another after each start of the queen.'), number: z.number().int().min(0) })
  .meta({ id: 'NoticePlace', description: 'A place in the notices of a queen.' });
export type NoticePlace = z.infer<typeof NoticePlace>;

/** The name that a caller gives to one of its subscriptions. */
export const HookKey = z.string().min(1).max(100);

/** Which notices a caller wants. */
export const HookFilter = z
  .object({
    hooks: z.array(HookName).optional().describe('All if absent.'),
    types: z.array(z.string().max(200)).max(1000).optional().describe('Job types or names of handlers; all if absent.'),
    after: NoticePlace.optional().describe('The place of the last notice that was heard: those since come first.'),
  })
  .meta({ id: 'HookFilter', description: 'Which notices are wanted, and from where.' });
export type HookFilter = z.infer<typeof HookFilter>;

/** What a fleet has to do: how many jobs wait and run (or are about to), and what every drone does. */
export interface FleetStatus {
  jobs: { queued: number; running: number };
  drones: DroneSummary[];
}

/** The answer to `hooks:watch`. */
export const HooksAnswer = z
  .object({ place: NoticePlace, missed: z.boolean().describe('Whether some notices since `after` are not there any more.') })
  .meta({ id: 'HooksAnswer', description: 'Where the notices stand.' });
export type HooksAnswer = z.infer<typeof HooksAnswer>;
