import * as z from 'zod';
import { DroneState } from './jobInfo.js';
import { Outcome, Timestamp } from './vocabulary.js';

const Count = z.number().int().min(0);

/** Over which span. */
export const StatsQuery = z
  .object({ hours: z.coerce.number().int().min(1).max(168).default(24).describe('The span up to now, 1 to 168.') })
  .meta({ id: 'StatsQuery', description: 'Over which span.' });
export type StatsQuery = z.infer<typeof StatsQuery>;

/** How long jobs waited, from their submission to their first start. */
export const Waits = z
  .object({
    jobs: Count.describe('How many of the jobs had started.'),
    p50: z.number().min(0).describe('Milliseconds; half of them waited no longer. To within 5 %.'),
    p95: z.number().min(0).describe('Milliseconds; 95 in 100 waited no longer. To within 5 %.'),
  })
  .meta({ id: 'Waits', description: 'How long jobs waited, from their submission to their first start.' });
export type Waits = z.infer<typeof Waits>;

const Done = {
  outcomes: z.partialRecord(Outcome, Count).describe('Jobs that ended, by outcome; those of which there are none are left out.'),
  waits: Waits.nullable().describe('How long they had waited; null if none of them started.'),
};

export const StatsBucket = z
  .object({ at: Timestamp.describe('When it begins.'), ...Done })
  .meta({ id: 'StatsBucket', description: 'What became of the jobs that ended within a part of the span.' });
export type StatsBucket = z.infer<typeof StatsBucket>;

/** What became of jobs over a span, and what is going on now: the answer of `GET /api/stats`. */
export const Stats = z
  .object({
    from: Timestamp.describe('When the first bucket begins.'),
    to: Timestamp.describe('When this was asked; the last bucket ends here.'),
    bucketMs: z.number().int().min(1).describe('How long a bucket is; each begins at a multiple of it.'),
    ...Done,
    buckets: z.array(StatsBucket).describe('Oldest first, without gaps.'),
    now: z.object({
      queued: Count,
      running: Count.describe('Jobs that a drone has, started or about to.'),
      drones: z.partialRecord(DroneState, Count).describe('Drones by what they do; states that none is in are left out.'),
      slots: z.object({ taken: Count, capacity: Count }).describe('Of the drones that are connected.'),
    }),
  })
  .meta({ id: 'Stats', description: 'What became of jobs over a span, and what is going on now.' });
export type Stats = z.infer<typeof Stats>;
