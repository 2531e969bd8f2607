import { AssignedJob } from '@skep/protocol';
import { z } from 'zod';
import { FoundPlugin } from '../plugins/messages.js';

const AttemptKey = z.object({ id: z.string(), attempt: z.number().int() });
export type AttemptKey = z.infer<typeof AttemptKey>;

/** What a supervisor says to an executor, a line of JSON each. Secrets travel here: never in arguments, never on a disk. */
export const ToExecutor = z.union([
  z.object({
    run: z.object({
      job: AssignedJob,
      spoolPath: z.string(),
      /** Milliseconds since the drone received the job. */
      elapsedMs: z.number(),
      drone: z.object({
        name: z.string(),
        queen: z.string(),
        passEnv: z.array(z.string()),
        graceMs: z.number(),
        maxOutput: z.number(),
        entry: z.string(),
        plugins: z.array(FoundPlugin),
        pluginTimeoutMs: z.number(),
        handlerFiles: z.array(z.string()),
      }),
    }),
  }),
  z.object({ cancel: AttemptKey.extend({ code: z.string(), message: z.string() }) }),
  /** The drone is about to leave, and waits for what runs. */
  z.object({ draining: z.literal(true) }),
  /** Leave when idle. */
  z.object({ retire: z.literal(true) }),
]);
export type ToExecutor = z.infer<typeof ToExecutor>;
export type RunOrder = Extract<ToExecutor, { run: unknown }>['run'];

const Condition = z.object({
  /** Of the program that it runs. */
  version: z.string(),
  /** Milliseconds since its start. */
  ageMs: z.number(),
  /** How many attempts it has run. */
  attempts: z.number().int(),
  /** Its resident memory. */
  memoryBytes: z.number(),
  /** Something of an attempt is left in it. */
  isSpent: z.boolean().optional(),
});
/** What says whether an executor is good for another attempt. */
export type Condition = z.infer<typeof Condition>;

/** What an executor says to its supervisor, a line of JSON each. */
export const FromExecutor = z.union([
  /** First, on every connection. */
  z.object({ hello: z.object({ pid: z.number().int(), running: AttemptKey.optional(), condition: Condition }) }),
  /** The spool has grown; once for all events of a turn. */
  z.object({ spooled: AttemptKey }),
  /** The end mark is in the spool; the executor is idle. */
  z.object({ ended: AttemptKey.extend({ condition: Condition }) }),
]);
export type FromExecutor = z.infer<typeof FromExecutor>;
