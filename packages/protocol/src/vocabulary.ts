import * as z from 'zod';

/** The phases of an attempt, in the order in which they run. */
export const phases = ['environment', 'prepare', 'test', 'deploy', 'cleanup'] as const;
export const Phase = z.enum(phases).meta({ id: 'Phase', description: 'A phase of an attempt.' });
export type Phase = z.infer<typeof Phase>;

export const JobStatus = z
  .enum(['queued', 'assigned', 'running', 'done'])
  .meta({ id: 'JobStatus', description: 'How far a job has come.' });
export type JobStatus = z.infer<typeof JobStatus>;

export const Outcome = z
  .enum(['passed', 'failed', 'errored', 'timed-out', 'cancelled', 'lost'])
  .meta({ id: 'Outcome', description: 'How a job, or one attempt at it, ended.' });
export type Outcome = z.infer<typeof Outcome>;

export const Priority = z
  .number()
  .int()
  .min(-1000)
  .max(1000)
  .meta({ id: 'Priority', description: 'Which waiting job goes first: higher before lower.' });

/** How far a job has come, or how it ended. */
export const Standing = z
  .enum(['queued', 'assigned', 'running', ...Outcome.options])
  .meta({ id: 'Standing', description: 'How far a job has come, or how it ended.' });
export type Standing = z.infer<typeof Standing>;

export const Stream = z.enum(['stdout', 'stderr']).meta({ id: 'Stream', description: 'Which of its two outputs a command wrote to.' });
export type Stream = z.infer<typeof Stream>;

export const OutputState = z.enum(['growing', 'complete', 'partial']).meta({
  id: 'OutputState',
  description: 'growing while the attempt runs; complete when event count and SHA-256 matched what the drone wrote.',
});
export type OutputState = z.infer<typeof OutputState>;

/** Unix milliseconds. */
export const Timestamp = z.number().int().min(0).max(8.64e15).meta({ id: 'Timestamp', description: 'An instant in Unix milliseconds.' });

/** Letters and digits, then also `. _ : @ ~ -`: fit for addresses, file names and log lines. */
export const JobId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:@~-]{0,127}$/, 'must be 1 to 128 of letters, digits and . _ : @ ~ -, and begin with a letter or digit')
  .meta({ id: 'JobId', description: 'A job: 1 to 128 letters, digits and `. _ : @ ~ -`.' });

export const DroneId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:@~-]{0,127}$/, 'must be 1 to 128 of letters, digits and . _ : @ ~ -, and begin with a letter or digit')
  .meta({ id: 'DroneId', description: 'A drone, the same after every reconnect.' });

/** What a drone's machine is, in a word that jobs can require: what its owner says, else such as `linux x64`. */
export const PlatformName = z.string().min(1).max(200).meta({ id: 'PlatformName', description: 'A platform, such as `debian-12`.' });

/** The number of an event within its attempt, from 0, without gaps. */
export const Seq = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1)
  .meta({ id: 'Seq', description: 'The number of an event within its attempt, from 0.' });

/** Where a reader stands: the number of events of the job, over all its attempts, that come before what it wants next. */
export const Cursor = z
  .number()
  .int()
  .min(0)
  .meta({ id: 'Cursor', description: 'The next event a reader wants, counted over all attempts of the job.' });

/** The number of an attempt at a job, from 1. */
export const AttemptNumber = z
  .number()
  .int()
  .min(1)
  .max(1_000_000)
  .meta({ id: 'AttemptNumber', description: 'The number of an attempt, from 1.' });

/** The number that gives one attempt the right to report; it never comes twice. */
export const LeaseNumber = z.number().int().min(1).meta({ id: 'LeaseNumber', description: 'The right of one attempt to report.' });

/** The number of a command within its attempt, from 0. */
export const CommandNum = z
  .number()
  .int()
  .min(0)
  .max(1_000_000)
  .meta({ id: 'CommandNum', description: 'The number of a command within its attempt, from 0.' });

/** What a process returned; 127 when it could not be found, 128 + n when signal n ended it. */
export const ExitCode = z
  .number()
  .int()
  .min(-(2 ** 31))
  .max(2 ** 32 - 1)
  .meta({ id: 'ExitCode', description: 'The exit code of a process; 127: not found, 128 + n: ended by signal n.' });

/** The most bytes that one chunk of output holds. */
export const CHUNK_BYTES = 64 * 1024;

/** The most bytes that one event of our drone holds, as JSON and output together; no queen takes frames that are smaller. */
export const MAX_EVENT_BYTES = 4 * 1024 * 1024;

/** A piece of a command's output: text from a plain drone, bytes or text from ours. */
export const OutputText = z
  .union([z.string(), z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be bytes')])
  .meta({ id: 'OutputText', description: 'A piece of output: text, or the bytes themselves.' });
export type OutputText = z.infer<typeof OutputText>;
