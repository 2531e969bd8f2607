import * as z from 'zod';
import { ErrorBody } from './errors.js';
import { Job } from './job.js';
import { DroneSummary, JobInfo, JobSummary, OutputInfo } from './jobInfo.js';
import { FACET_JOBS } from './limits.js';
import { CancelReason } from './messages.js';
import { OutputErrors } from './outputErrors.js';
import { AttemptNumber, JobId, JobStatus, Outcome, Priority, Stream, Timestamp } from './vocabulary.js';

const Count = z.coerce.number().int().min(0);
const Flag = z.union([
  z.literal(['', '1', 'true', 'yes']).transform(() => true),
  z.literal(['0', 'false', 'no']).transform(() => false),
  z.boolean(),
]);
const Range = z.string().regex(/^\d+-\d*$/, 'must be from-to, such as 100-200 or 100-');

const ParentFilter = z
  .union([z.literal('none'), JobId])
  .describe('The children of this job, or with `none` only jobs that are no children.');

/** In which order of their submission jobs are listed. */
export const JobsSort = z.enum(['newest', 'oldest']).meta({ id: 'JobsSort', description: 'Which jobs come first in a list.' });
export type JobsSort = z.infer<typeof JobsSort>;

/** Which jobs to list, a page at a time. */
export const JobsQuery = z
  .object({
    status: z
      .union([JobStatus, z.literal('active')])
      .optional()
      .describe('active: all that are not done.'),
    outcome: Outcome.optional(),
    project: z.string().optional(),
    branch: z.string().max(500).optional().describe('Of the project, which has to be given too.'),
    drone: z.string().optional().describe('The id of a drone.'),
    parent: ParentFilter.optional(),
    sort: JobsSort.default('newest'),
    before: z.string().max(300).optional().describe('The `next` of the page before, in the same order.'),
    limit: z.coerce.number().int().min(1).max(500).default(50),
  })
  .meta({ id: 'JobsQuery', description: 'Which jobs to list, a page at a time.' });
export type JobsQuery = z.infer<typeof JobsQuery>;

/** What jobs have in common: the filters of a list, without the place in it. */
export const JobsFilter = JobsQuery.pick({ status: true, outcome: true })
  .extend({
    project: z.string().max(500).optional(),
    drone: z.string().max(200).optional().describe('The id of a drone.'),
    parent: ParentFilter.optional(),
  })
  .meta({ id: 'JobsFilter', description: 'Which jobs are meant.' });
export type JobsFilter = z.infer<typeof JobsFilter>;

const Tally = z.number().int().min(0);

/** How many jobs each filter would show, each counted under the other filters. */
export const FacetsAnswer = z
  .object({
    standings: z.array(z.object({ status: JobStatus, outcome: Outcome.optional(), jobs: Tally })),
    projects: z.array(z.object({ project: z.string(), jobs: Tally })),
    drones: z.array(z.object({ drone: z.string(), jobs: Tally })),
    isAll: z.boolean().describe(`Whether all jobs were counted, or the newest ${FACET_JOBS} of each kind.`),
  })
  .meta({ id: 'FacetsAnswer', description: 'How many jobs there are by standing, project and drone.' });
export type FacetsAnswer = z.infer<typeof FacetsAnswer>;

export const ViewName = z.string().trim().min(1).max(100);
export const ViewBody = z.object({ filter: JobsFilter }).meta({ id: 'ViewBody' });
/** A filter under a name, for everybody who uses this queen. */
export const View = z.object({ name: ViewName, filter: JobsFilter, changed: Timestamp }).meta({ id: 'View' });
export type View = z.infer<typeof View>;
export const ViewsAnswer = z.object({ views: z.array(View) }).meta({ id: 'ViewsAnswer' });

export const JobsPage = z
  .object({ jobs: z.array(JobSummary), next: z.string().nullable() })
  .meta({ id: 'JobsPage', description: 'A page of jobs; `next` leads to the one after.' });
export type JobsPage = z.infer<typeof JobsPage>;

/** Which part of an attempt's output, in which form. Lines count from 1 and ranges include both ends; bytes count from 0. */
export const OutputQuery = z
  .object({
    attempt: Count.optional().describe('The latest if absent.'),
    cursor: Count.optional().describe('Only output from this cursor on.'),
    lines: Range.optional().describe('From 1, both ends included; open if the second is absent.'),
    bytes: Range.optional().describe('From 0, both ends included; open if the second is absent.'),
    command: z.coerce.number().int().min(-1).optional().describe('Only what this command wrote.'),
    stream: z.enum(['stdout', 'stderr']).optional(),
    format: z.enum(['text', 'ndjson']).default('text'),
    follow: Flag.default(false).describe('Go on to the end of the job.'),
  })
  .meta({ id: 'OutputQuery', description: 'Which part of the output, in which form.' });
export type OutputQuery = z.infer<typeof OutputQuery>;

/** Of which attempt the output is meant, and what to know of it. */
export const OutputIndexQuery = OutputQuery.pick({ attempt: true })
  .extend({ errors: Flag.default(false).describe('Also where it tells of errors, once the attempt has ended.') })
  .meta({ id: 'OutputIndexQuery', description: "What to know of an attempt's output." });

/** What is known of an attempt's output without reading it. */
export const OutputIndex = z
  .object({ attempt: AttemptNumber, output: OutputInfo, errors: OutputErrors.optional() })
  .meta({ id: 'OutputIndex', description: "What is known of an attempt's output without reading it." });
export type OutputIndex = z.infer<typeof OutputIndex>;

/** What to look for in an attempt's output. A line is found once, however often it matches. */
export const SearchQuery = z
  .object({
    q: z
      .string()
      .min(1)
      .max(1000)
      .regex(/^[^\n]*$/, 'must be within one line')
      .describe('The text, or the regular expression.'),
    regex: Flag.default(false).describe('`q` is a regular expression of JavaScript.'),
    case: Flag.default(false).describe('Small and capital letters differ.'),
    attempt: Count.optional().describe('The latest if absent.'),
    command: z.coerce.number().int().min(-1).optional().describe('Only in what this command wrote.'),
    from: z.coerce.number().int().min(1).default(1).describe('The first line that is searched, as `lines` of the output counts them.'),
    limit: z.coerce.number().int().min(1).max(10_000).default(1000).describe('Lines that are given; those beyond it are counted.'),
    count: Flag.default(true).describe('Go on counting beyond the limit, to the end of the output.'),
  })
  .meta({ id: 'SearchQuery', description: "What to look for in an attempt's output." });
export type SearchQuery = z.infer<typeof SearchQuery>;

/** A line that was found. Its text is what a person sees: escape sequences are left out, and of a line that was written anew with carriage returns only the last. */
export const SearchHit = z
  .object({
    line: z.number().int().min(1).describe('As `lines` of the output counts them.'),
    command: z.number().int().min(-1).describe('Whose output begins the line.'),
    stream: Stream,
    text: z.string().describe('What is seen of the line, at most 500 characters around the match.'),
    column: z.number().int().min(1).describe('Where in `text` the first match begins, from 1.'),
    cut: z.number().int().min(1).optional().describe('Characters of the line before `text`, where it does not begin with the line.'),
  })
  .meta({ id: 'SearchHit', description: 'A line of output in which something was found.' });
export type SearchHit = z.infer<typeof SearchHit>;

/** The last line of what a search answers, if all went well. */
export const SearchEnd = z
  .object({
    end: z.literal(true),
    hits: z.number().int().min(0).describe('Lines that match, those beyond the limit included if they were counted.'),
    lines: z
      .number()
      .int()
      .min(0)
      .describe('Lines that have an end, up to where it was searched: what is written later is found from the line after these.'),
    commands: z.record(z.string(), z.number().int().min(1)).describe('The hits of each command, by its number.'),
    next: z.number().int().min(1).optional().describe('The line from which to search for the hits that were not given.'),
  })
  .meta({ id: 'SearchEnd', description: 'How a search ended.' });
export type SearchEnd = z.infer<typeof SearchEnd>;

export const PriorityBody = z.object({ priority: Priority }).meta({ id: 'PriorityBody' });
export const CancelBody = z.object({ reason: CancelReason.optional() }).meta({ id: 'CancelBody' });
export const CancelAnswer = z.object({ status: JobStatus }).meta({ id: 'CancelAnswer', description: 'What the job is now.' });
export type CancelAnswer = z.infer<typeof CancelAnswer>;
export const DrainBody = z.object({ reason: z.string().max(500).optional() }).meta({ id: 'DrainBody' });
export const DronesAnswer = z.object({ drones: z.array(DroneSummary) }).meta({ id: 'DronesAnswer' });
export const ErrorAnswer = z.object({ error: ErrorBody }).meta({ id: 'ErrorAnswer' });

/** What a token allows: everything, or only to be a drone. */
export const TokenScope = z.enum(['admin', 'drone']).meta({ id: 'TokenScope' });
export type TokenScope = z.infer<typeof TokenScope>;
export const TokenBody = z.object({ name: z.string().min(1).max(100), scope: TokenScope }).meta({ id: 'TokenBody' });
export const TokenAnswer = z
  .object({ name: z.string(), scope: TokenScope, token: z.string() })
  .meta({ id: 'TokenAnswer', description: 'The token; it is shown only this once.' });
export type TokenAnswer = z.infer<typeof TokenAnswer>;
export const TokenInfo = z.object({ name: z.string(), scope: TokenScope, created: Timestamp }).meta({ id: 'TokenInfo' });
export type TokenInfo = z.infer<typeof TokenInfo>;
export const TokensAnswer = z.object({ tokens: z.array(TokenInfo) }).meta({ id: 'TokensAnswer' });

export { Job as SubmitBody, JobInfo as JobAnswer };
