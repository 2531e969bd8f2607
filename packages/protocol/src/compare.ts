import * as z from 'zod';
import { ArtifactPath, Sha256 } from './artifacts.js';
import { JobSummary } from './jobInfo.js';
import { JobId } from './vocabulary.js';

export const CompareQuery = z.object({ a: JobId, b: JobId }).meta({ id: 'CompareQuery', description: 'Two jobs.' });

const Milliseconds = z.number().nullable().describe('Milliseconds; null where it did not happen or has not ended.');
const Content = z.object({ size: z.number().int(), mode: z.number().int(), sha256: Sha256 }).nullable();

/** What is alike and what is not in two jobs and what they left behind. */
export const Comparison = z
  .object({
    a: JobSummary,
    b: JobSummary,
    inputs: z
      .array(z.object({ path: z.string(), a: z.unknown(), b: z.unknown() }))
      .describe('What was submitted differently, by its place in the job, secrets masked; null where one does not say it.'),
    durations: z.array(z.object({ what: z.string().describe('`waiting`, `running`, or a command.'), a: Milliseconds, b: Milliseconds })),
    artifacts: z.array(z.object({ path: ArtifactPath, state: z.enum(['equal', 'differs', 'only-a', 'only-b']), a: Content, b: Content })),
    sameArtifacts: z.boolean().describe('Whether both left something behind, and the same: every path, mode and content.'),
  })
  .meta({ id: 'Comparison', description: 'What is alike and what is not in two jobs.' });
export type Comparison = z.infer<typeof Comparison>;
