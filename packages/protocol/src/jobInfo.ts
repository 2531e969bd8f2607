import * as z from 'zod';
import { AttemptError } from './attemptEvents.js';
import { DroneInfo } from './droneInfo.js';
import { Usual } from './estimate.js';
import { Job } from './job.js';
import { Cell, LeftOut } from './matrix.js';
import { Cursor, DroneId, ExitCode, JobId, JobStatus, Outcome, OutputState, Phase, Standing, Timestamp } from './vocabulary.js';

const Instant = Timestamp.nullable();
const DurationMs = z.number().nullable();

/** Why a queued job waits, in words that a program can read. */
export const Waiting = z
  .discriminatedUnion('reason', [
    z.object({ reason: z.literal('no-drone') }),
    z.object({
      reason: z.literal('unmet-requirements'),
      which: z
        .array(z.string())
        .describe(
          'Such as `labels.os=linux`, `plugins.node`, `handlers.resize`, `minSpeed=100`, `platform=debian-12`, `drone=linux-1`, `notDrones.linux-1` (another drone than that one): what no connected drone has, or no drone all at once.',
        ),
    }),
    z.object({
      reason: z.literal('all-busy'),
      position: z.number().int().min(1).describe('1: it is the next to go.'),
      drone: z.string().optional().describe('The drone with the shortest queue, at which it waits.'),
    }),
    z.object({
      reason: z.literal('paused'),
      drones: z.array(z.string()).optional().describe('The drones that could run it but take no new jobs.'),
      platform: z.string().optional().describe('The platform that it requires, where that is dropped.'),
      why: z.string().optional().describe('Why the platform was dropped.'),
    }),
    z.object({ reason: z.literal('not-before'), at: Timestamp }),
    z.object({ reason: z.literal('group-full'), group: z.string() }),
    z.object({
      reason: z.literal('waiting-for-jobs'),
      jobs: z.array(JobId).describe('Jobs named in `after` or `follows` that are not done, or children of a parent; the first 20 of them.'),
      count: z.number().int().min(1).describe('How many there are.'),
    }),
  ])
  .meta({ id: 'Waiting', description: 'Why a queued job waits.' });
export type Waiting = z.infer<typeof Waiting>;

/** A place at which output of an attempt is missing. */
export const OutputGap = z
  .object({
    firstByte: z.number().int().min(0).describe('Bytes of output before it.'),
    firstLine: z.number().int().min(0).describe('Line ends in the output before it.'),
    why: z.string().describe('Why it is missing, in words.'),
    cut: z
      .object({
        bytes: z.number().int().min(1).describe('How many bytes were left out.'),
        limit: z.number().int().min(0).describe('The limit of the drone, in bytes.'),
      })
      .optional()
      .describe('Where the drone left it out itself, as all of it was over its limit: the line that begins here says so.'),
  })
  .meta({ id: 'OutputGap', description: 'A place at which output of an attempt is missing.' });
export type OutputGap = z.infer<typeof OutputGap>;

/** The size and state of an attempt's output. */
export const OutputInfo = z
  .object({
    bytes: z.number().int().min(0).describe('Of both outputs of all commands.'),
    lines: z.number().int().min(0).describe('Line ends among them.'),
    state: OutputState,
    sha256: z.string().optional().describe('Of all bytes, in the order of the events; where the drone gave it.'),
    missing: z.string().optional().describe('What is missing, in words, where the state is partial.'),
    gaps: z.array(OutputGap).optional().describe('Where it is missing, where that is known: the first 100 places, in order.'),
  })
  .meta({ id: 'OutputInfo', description: "The size and state of an attempt's output." });
export type OutputInfo = z.infer<typeof OutputInfo>;

/** One command of an attempt, with what it wrote so far: the newest 1 MiB of each output. */
export const CommandInfo = z
  .object({
    num: z.number().int().min(-1).describe('From 0; -1 for `[initializing]`, the blank command that holds text from before the first.'),
    phase: Phase.nullable().describe('The phase in which it ran.'),
    cmd: z.string().describe('The command; its `screencmd` where it has one.'),
    screencmd: z.string().nullable().describe('What is shown in place of the command.'),
    out: z.string().describe('The newest of its standard output.'),
    err: z.string().describe('The newest of its standard error.'),
    outFrom: z.number().int().min(0).describe('Bytes of standard output before `out`.'),
    errFrom: z.number().int().min(0).describe('Bytes of standard error before `err`.'),
    exitCode: ExitCode.nullable().describe('null while it runs.'),
    signal: z.string().optional().describe('The signal that ended it.'),
    started: Instant,
    finished: Instant,
  })
  .meta({ id: 'CommandInfo', description: 'One command of an attempt, with what it wrote so far.' });
export type CommandInfo = z.infer<typeof CommandInfo>;

/** One attempt at a job. */
export const AttemptInfo = z
  .object({
    attempt: z.number().int().min(1).describe('Its number, from 1.'),
    drone: z.string().describe('The name of the drone.'),
    outcome: Outcome.nullable().describe('null while it runs.'),
    reason: z.string().optional().describe('Why it ended so.'),
    error: AttemptError.optional(),
    started: Instant,
    finished: Instant,
    firstCursor: Cursor.describe('The cursor of its first event.'),
    events: z.number().int().min(0).describe('How many events it has so far.'),
    output: OutputInfo,
  })
  .meta({ id: 'AttemptInfo', description: 'One attempt at a job.' });
export type AttemptInfo = z.infer<typeof AttemptInfo>;

/** The children of a parent. */
export const Children = z
  .object({
    kind: z.enum(['cells', 'builds']).describe('cells: of its matrix; builds: the two builds of a reproducible job.'),
    count: z.number().int().min(0).describe('How many there are by now.'),
    standings: z
      .partialRecord(Standing, z.number().int().min(1))
      .describe('How many of them stand how; those of which there are none are left out.'),
    leftOut: z.array(LeftOut).optional().describe('Cells for which no jobs were made.'),
  })
  .meta({ id: 'Children', description: 'The children of a parent, by how they stand.' });
export type Children = z.infer<typeof Children>;

const common = {
  id: JobId,
  status: JobStatus,
  outcome: Outcome.optional(),
  reason: z.string().optional().describe('Why it ended so: a code such as `exit 2`, `nothing-to-run`, `cancelled`.'),
  waiting: Waiting.nullable().describe('Why it waits; null where it does not.'),
  attempt: z.number().int().min(0).describe('The number of the latest attempt; 0 before the first.'),
  drone: z.string().optional().describe('The name of the drone of the latest attempt.'),
  phase: Phase.nullable().describe('The phase that it is in, or ended in.'),
  queued: Timestamp.describe('When it was submitted.'),
  started: Instant,
  finished: Instant,
  priority: z.number().int().describe('Higher first; it may be another than was submitted.'),
  cursor: Cursor.describe('Where the job stands: the cursor of the event that comes next.'),
  parent: JobId.optional().describe('The job of which this one is a child.'),
  cell: Cell.optional().describe('Which cell of a matrix it is; `build` is the number of a build of a reproducible job.'),
  children: Children.optional().describe(
    'Only of a parent, which no drone is given: it is over when its children are, and its outcome is the sum of theirs.',
  ),
  usual: Usual.optional().describe(
    'While it runs, from its first second on: how long it usually takes on its drone; absent where unknown.',
  ),
};

/** A job in a line, for lists and for those who watch the queue. */
export const JobSummary = z
  .object({
    ...common,
    title: z.string().describe('Its first command, its handler or its project: what to call it.'),
    project: z.string().optional(),
    branch: z.string().optional().describe('Of its sources.'),
    job_type: z.string().describe("TEST, DEPLOY, TEST&DEPLOY, or a handler's name."),
    exitCode: ExitCode.nullable().describe('The code that decided the outcome.'),
    signal: z.string().optional().describe('The signal that decided the outcome.'),
    retryOf: JobId.optional().describe('The job that this one repeats.'),
    lastLine: z
      .string()
      .max(200)
      .optional()
      .describe('While it runs: the last whole line of its output that is not blank, without escape sequences. Told about once a second.'),
  })
  .meta({ id: 'JobSummary', description: 'A job in a line.' });
export type JobSummary = z.infer<typeof JobSummary>;

/** The whole job with every command's output so far: the data of `job:info` and of `GET /api/jobs/:id`. */
export const JobInfo = z
  .object({
    ...common,
    data: Job.describe('The job as submitted, secrets masked.'),
    attempts: z.array(AttemptInfo),
    testCode: ExitCode.nullable(),
    testTime: DurationMs.describe('Milliseconds.'),
    deployCode: ExitCode.nullable(),
    deployTime: DurationMs.describe('Milliseconds.'),
    exitCode: ExitCode.nullable().describe('The code that decided the outcome.'),
    signal: z.string().optional().describe('The signal that decided the outcome.'),
    progress: z.unknown().optional().describe('What a task said of its progress last.'),
    result: z.unknown().optional().describe('What a task returned.'),
    error: AttemptError.optional(),
    confirmed: z.boolean().optional().describe('false where a cancel ended without the word of the drone.'),
    cmds: z.array(CommandInfo),
    output: OutputInfo,
  })
  .meta({ id: 'JobInfo', description: 'The whole job with the output so far.' });
export type JobInfo = z.infer<typeof JobInfo>;

/** What a drone is doing, in a word. */
export const DroneState = z
  .enum(['idle', 'busy', 'draining', 'quarantined', 'lost', 'offline'])
  .meta({ id: 'DroneState', description: 'What a drone is doing; lost: gone without a word and still waited for.' });
export type DroneState = z.infer<typeof DroneState>;

/** A drone as lists show it. */
export const DroneSummary = z
  .object({
    ...DroneInfo.shape,
    id: DroneId,
    name: z.string(),
    labels: z.record(z.string(), z.string()),
    plugins: z.array(z.string()),
    handlers: z.array(z.string()),
    state: DroneState,
    reason: z.string().optional().describe('Why it is in this state, in words.'),
    dropped: z.boolean().optional().describe('Whether its platform is dropped, so that it gets no jobs.'),
    running: z.array(JobId).describe('The jobs whose attempts it runs.'),
    waiting: z.number().int().min(0).describe('Jobs that wait for this drone.'),
    connectedAt: Instant.describe('When it connected; null while it is away.'),
    seenAt: Instant.describe('When it was last heard of.'),
  })
  .omit({ draining: true, inputs: true })
  .meta({ id: 'DroneSummary', description: 'A drone as lists show it.' });
export type DroneSummary = z.infer<typeof DroneSummary>;
