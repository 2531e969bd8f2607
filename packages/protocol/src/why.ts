import * as z from 'zod';
import { Estimate } from './estimate.js';
import { Waiting } from './jobInfo.js';
import { DroneId, JobId, JobStatus, Timestamp } from './vocabulary.js';

/** What stands between a job and one drone. */
export const Verdict = z
  .object({
    drone: DroneId,
    name: z.string().describe("The drone's name."),
    when: z.enum(['now', 'busy', 'never']).describe('now: it would take the job at once; busy: when a slot is free; never: not as it is.'),
    reason: z
      .enum(['free', 'busy', 'unmet-requirements', 'away', 'draining', 'quarantined', 'platform-dropped'])
      .describe('The same for programs, with what stands in the way.'),
    which: z.array(z.string()).optional().describe('What of the requirements it does not meet, such as `labels.os=linux`.'),
    platform: z.string().optional().describe('The platform of the drone, where that is dropped.'),
    why: z.string().describe('In words, such as `runs 2 of 2` or `label os is linux, not macos`.'),
  })
  .meta({ id: 'Verdict', description: 'What stands between a job and one drone.' });
export type Verdict = z.infer<typeof Verdict>;

/** Something that would let a waiting job start. */
export const Unblock = z
  .object({
    action: z
      .enum([
        'start-drone',
        'connect-drone',
        'resume-drone',
        'restore-platform',
        'change-job',
        'free-slot',
        'not-before',
        'jobs-done',
        'group-slot',
      ])
      .describe(
        'For programs: `free-slot`, `not-before`, `jobs-done` and `group-slot` come by themselves, the others are for somebody to do.',
      ),
    words: z.string().describe('For people, such as `resume linux-03`.'),
    drone: z.string().optional().describe('The name of the drone to connect or resume.'),
    platform: z.string().optional().describe('The platform to restore.'),
    which: z.array(z.string()).optional().describe('What a drone would need or the job could do without, such as `labels.os=linux`.'),
    at: Timestamp.optional(),
    jobs: z.array(JobId).optional(),
    group: z.string().optional(),
  })
  .meta({ id: 'Unblock', description: 'Something that would let a waiting job start.' });
export type Unblock = z.infer<typeof Unblock>;

/** Why a job waits, what each drone has to do with it, and how long it will take: the answer of `GET /api/jobs/:id/why`. */
export const JobWhy = z
  .object({
    id: JobId,
    status: JobStatus,
    waiting: Waiting.nullable().describe('Why it waits; null where it does not.'),
    position: z.number().int().min(1).nullable().describe('Its place in line, from 1; null where it is in none.'),
    verdicts: z.array(Verdict).describe('One for each drone that is known, the likeliest first; none where the job is done.'),
    unblock: z.array(Unblock).describe('What would let it start, the nearest first; none where it does not wait.'),
    canEverRun: z.boolean().describe('Whether some drone that is known, connected or not, has all that the job requires.'),
    estimate: Estimate,
  })
  .meta({ id: 'JobWhy', description: 'Why a job waits, and how long it will take.' });
export type JobWhy = z.infer<typeof JobWhy>;
