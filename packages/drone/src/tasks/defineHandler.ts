import type { z } from 'zod';

/** What a handler knows of its attempt, and what it can do. */
export interface HandlerContext {
  /** The job's. */
  readonly id: string;
  /** From 1. */
  readonly attempt: number;
  /** Aborted when the job is cancelled or its time is over; its reason is `{code, message}`. After the grace the job goes on without the handler. */
  readonly signal: AbortSignal;
  /** Aborted when the drone is about to leave and waits for this task: one that takes hours may end early here. */
  readonly draining: AbortSignal;
  /**
   * Says how far the task has come, as any JSON value of at most 64 KiB. Of more than 20 a second, the newest are told.
   * @throws {TaskError} bad-progress
   */
  progress(value: unknown): void;
  /** Writes to the output of the job. Nothing is added to it: a line needs its own end. */
  log(text: string): void;
  /** A folder of this attempt, removed at its end; the steps of a composition share it. */
  folder(): Promise<string>;
}

/** A function that performs a task: is given its input and returns its result, a JSON value. What it throws is the task's error. */
export type Handler = (context: HandlerContext, data: unknown) => unknown;

/** A handler with its name, and with schemas for what it takes and what it returns. */
export interface HandlerDefinition<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  /** The `job_type` of the tasks that it performs. */
  readonly name: string;
  /** What `data` must be. `run` is given what the schema makes of it; where there is none, whatever was submitted. */
  readonly input?: Input;
  /** What the result must be; callers get what the schema makes of it. */
  readonly output?: Output;
  run(context: HandlerContext, data: z.output<Input>): z.input<Output> | Promise<z.input<Output>>;
}

/** One step of a composition: a handler, the name of one that the drone has, or a function between them. */
// biome-ignore lint/suspicious/noExplicitAny: who writes the function knows what comes out of the step before it.
export type Step = HandlerDefinition<any, any> | Composition | string | ((context: HandlerContext, data: any) => unknown);

/** A task of several steps, on one drone. */
export interface Composition {
  readonly name: string;
  readonly steps: readonly Step[];
}

/**
 * A handler, typed: `data` and the result follow from the schemas.
 * @returns what was given; a drone checks it when it is registered
 */
export const defineHandler = <Input extends z.ZodType, Output extends z.ZodType>(
  handler: HandlerDefinition<Input, Output>,
): HandlerDefinition<Input, Output> => handler;

/**
 * A task whose steps run one after another on one drone. The input of the task is that of the first step, the result of each
 * is the input of the next, and the result of the last is the task's. The first that fails ends it. Its progress is
 * `{step, number, of}`, with the `value` that the step itself reports.
 */
export const compose = (name: string, steps: readonly Step[]): Composition => ({ name, steps });
