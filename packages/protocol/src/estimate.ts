import * as z from 'zod';
import { Timestamp } from './vocabulary.js';

const Ms = z.number().min(0);

/** How long the same job usually takes, from its past runs; never given without them. */
export const Usual = z
  .object({
    runs: z.number().int().min(1).describe('How many past runs it rests on.'),
    low: Ms.describe('Milliseconds; one run in ten is shorter.'),
    likely: Ms.describe('Milliseconds; half of the runs are shorter.'),
    high: Ms.describe('Milliseconds; one run in ten is longer.'),
  })
  .meta({ id: 'Usual', description: 'How long the same job usually takes, from its past runs.' });
export type Usual = z.infer<typeof Usual>;

/** When something will probably happen. */
export const Expected = z
  .object({
    low: Timestamp.describe('As early as this if all before it takes as little time as it may.'),
    likely: Timestamp,
    high: Timestamp.describe('As late as this if all before it takes as much time as it may.'),
  })
  .meta({ id: 'Expected', description: 'When something will probably happen, with its spread.' });
export type Expected = z.infer<typeof Expected>;

/** What is expected of a job; null stands for unknown, which is said rather than guessed. */
export const Estimate = z
  .object({
    usual: Usual.nullable().describe('How long it takes on the drone that runs it, or probably will; null: too few runs are known.'),
    start: Expected.nullable().describe('Of a job that waits; null where it depends on something unknown.'),
    end: Expected.nullable().describe('Of a job that waits or runs; null where it depends on something unknown.'),
  })
  .meta({ id: 'Estimate', description: 'What is expected of a job; null: unknown.' });
export type Estimate = z.infer<typeof Estimate>;
