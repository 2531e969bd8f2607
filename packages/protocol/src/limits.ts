import * as z from 'zod';
import type { ErrorCode } from './errors.js';
import { MAX_EVENT_BYTES } from './vocabulary.js';

/** Every limit of a queen: its default and its unit. Each is a setting of the same name. */
export const Limits = z
  .object({
    maxPayload: z
      .number()
      .int()
      // Room for the largest frame: a drone would send for ever what a queen can never take.
      .min(MAX_EVENT_BYTES + 1024 * 1024)
      .default(8 * 1024 * 1024)
      .describe('Bytes of one message or request body.'),
    maxQueue: z.number().int().min(1).default(1_000_000).describe('Jobs that are not done.'),
    maxCells: z.number().int().min(1).default(256).describe('Cells of one matrix, before any is excluded.'),
    maxConnections: z.number().int().min(1).default(20_000).describe('Sockets of drones and callers together.'),
    maxOutput: z
      .number()
      .int()
      .min(1024)
      .default(1024 ** 3)
      .describe('Bytes of output of one attempt.'),
    maxWatches: z.number().int().min(1).default(1000).describe('Jobs that one socket watches.'),
    maxEventRate: z.number().int().min(1).default(20_000).describe('Messages a second of one socket.'),
    maxArtifact: z
      .number()
      .int()
      .min(1)
      .default(32 * 1024 ** 3)
      .describe('Bytes of one artifact, or of one cache.'),
    maxArtifacts: z.number().int().min(1).default(20_000).describe('Artifacts of one attempt.'),
    maxUploads: z.number().int().min(1).default(2000).describe('Uploads that have begun and are not complete.'),
  })
  .meta({ id: 'Limits', description: 'Every limit of a queen.' });
export type Limits = z.infer<typeof Limits>;

/** The error that names each limit. */
export const limitErrors = {
  maxPayload: 'PAYLOAD_TOO_LARGE',
  maxQueue: 'QUEUE_FULL',
  maxCells: 'TOO_MANY_CELLS',
  maxConnections: 'TOO_MANY_CONNECTIONS',
  maxOutput: 'OUTPUT_LIMIT',
  maxWatches: 'TOO_MANY_WATCHES',
  maxEventRate: 'RATE_LIMITED',
  maxArtifact: 'ARTIFACT_TOO_LARGE',
  maxArtifacts: 'TOO_MANY_ARTIFACTS',
  maxUploads: 'TOO_MANY_UPLOADS',
} as const satisfies Record<keyof Limits, ErrorCode>;

/** How deep a message may be nested. What is far deeper can be read, but neither stored nor handed on: writing it overflows the stack. */
export const MAX_DEPTH = 100;
/** How many values a message may hold, counted with all that is nested. More would take seconds to check, and so long nobody else is served. */
export const MAX_VALUES = 100_000;
/** Seconds that an attempt may take, unless the job says otherwise. */
export const JOB_TIMEOUT_S = 3600;
/** Seconds that an attempt may be silent, unless the job says otherwise. */
export const SILENCE_TIMEOUT_S = 1200;
/** Seconds that the queen waits for a drone that is gone, unless the job says otherwise. */
export const LOST_AFTER_S = 60;
/** Milliseconds between SIGTERM and SIGKILL. */
export const GRACE_MS = 10_000;
/** How many jobs are counted for one facet; of more, the newest. */
export const FACET_JOBS = 10_000;
/** How many views a queen keeps. */
export const MAX_VIEWS = 200;
/** How many schedules a queen keeps. */
export const MAX_SCHEDULES = 1000;
/** How many results of a schedule are kept, the newest. */
export const SCHEDULE_RESULTS = 20;
/** How many times that passed while the queen was down are made up for, the newest, by a schedule that makes up for all. */
export const MAX_MADE_UP = 100;
/** How many runs of a schedule may wait for the end of the last. */
export const MAX_QUEUED_RUNS = 100;
/** How late a schedule may run before its time counts as missed. */
export const LATE_MS = 60_000;
/** How many templates a queen keeps. */
export const MAX_TEMPLATES = 1000;
/** How many platforms may be dropped at once. */
export const MAX_DROPPED = 1000;
/** The newest bytes of each output of a command that `job:info` carries. */
export const INFO_OUTPUT_BYTES = 1024 * 1024;
/** The port of a queen. */
export const DEFAULT_PORT = 7874;
