import { issuesOf, SkepError } from '@skep/protocol';
import * as z from 'zod';
import type { Composition, Handler, HandlerContext, HandlerDefinition, Step } from './defineHandler.js';
import { plainResult } from './plainJson.js';
import { TaskError, toTaskError } from './TaskError.js';

export type AnyHandler = HandlerDefinition | Composition;

const isFunction = (value: unknown): boolean => typeof value === 'function';
const Schema = z.custom((value) => isFunction((value as z.ZodType | null)?.safeParseAsync), 'must be a schema of zod').optional();
const Name = z.string().min(1).max(200);
const Definition = z.looseObject({ name: Name, input: Schema, output: Schema, run: z.custom(isFunction, 'must be a function') });
const Composed = z.looseObject({
  name: Name,
  steps: z.array(z.union([z.string(), z.custom((step) => isFunction(step) || (typeof step === 'object' && step !== null))])).min(1),
});

const isComposition = (handler: AnyHandler): handler is Composition => 'steps' in handler;

/** The handlers that a drone has, by name. */
export class HandlerSet {
  readonly #handlers = new Map<string, AnyHandler>();

  /** @throws {SkepError} INVALID_CONFIG if one is none, two have one name, or a composition names one that there is not */
  constructor(handlers: Iterable<unknown>) {
    for (const each of handlers) {
      const handler = handlerOf(each);
      const other = this.#handlers.get(handler.name);
      if (other && other !== handler) throw new SkepError('INVALID_CONFIG', `Two handlers are called ${handler.name}`);
      this.#handlers.set(handler.name, handler);
    }
    for (const handler of this.#handlers.values()) this.#checkSteps(handler, []);
  }

  get names(): string[] {
    return [...this.#handlers.keys()];
  }

  has(name: string): boolean {
    return this.#handlers.has(name);
  }

  /** The schema of what a handler takes, if it has one; of a composition, that of its first step. */
  inputOf(name: string): z.ZodType | undefined {
    let handler: Step | undefined = this.#handlers.get(name);
    while (typeof handler === 'object' && isComposition(handler)) handler = this.#resolve(handler.steps[0] as Step);
    return typeof handler === 'object' ? handler.input : undefined;
  }

  /**
   * Performs a task to its end.
   * @returns its result as JSON has it
   * @throws {TaskError} `unknown-handler`, `bad-input`, `bad-output`, `result-too-large`, `handler-failed`, or what the handler itself threw as one
   */
  async perform(name: string, context: HandlerContext, data: unknown): Promise<unknown> {
    const handler = this.#handlers.get(name);
    if (!handler) throw new TaskError('unknown-handler', `This drone has no handler ${name}`);
    return plainResult(await this.#step(handler, context, data));
  }

  async #step(step: Exclude<Step, string>, context: HandlerContext, data: unknown): Promise<unknown> {
    try {
      if (typeof step === 'function') return await step(context, data);
      if (isComposition(step)) return await this.#steps(step, context, data);
      const input = step.input ? await checked(step.input, data, 'bad-input', `The input of ${step.name}`) : data;
      const result = await step.run(context, input);
      return step.output ? await checked(step.output, result, 'bad-output', `The result of ${step.name}`) : result;
    } catch (error) {
      throw toTaskError(error);
    }
  }

  async #steps({ steps }: Composition, context: HandlerContext, data: unknown): Promise<unknown> {
    let value = data;
    for (const [index, each] of steps.entries()) {
      // Whoever is to stop does not begin anything more.
      if (context.signal.aborted) throw new TaskError('cancelled', 'the task was ended between two steps');
      const place = { step: nameOf(each), number: index + 1, of: steps.length };
      context.progress(place);
      try {
        value = await this.#step(this.#resolve(each), stepContext(context, place), value);
      } catch (error) {
        const { code, message, cause } = toTaskError(error);
        throw new TaskError(code, `step ${place.number} (${place.step}): ${message}`, { cause });
      }
    }
    return value;
  }

  #resolve(step: Step): Exclude<Step, string> {
    if (typeof step !== 'string') return step;
    const handler = this.#handlers.get(step);
    if (!handler) throw new TaskError('unknown-handler', `This drone has no handler ${step}`);
    return handler;
  }

  #checkSteps(handler: AnyHandler, within: readonly AnyHandler[]): void {
    if (!isComposition(handler)) return;
    const path = [...within, handler];
    for (const step of handler.steps) {
      const found = typeof step === 'string' ? this.#handlers.get(step) : step;
      if (!found) throw new SkepError('INVALID_CONFIG', `${handler.name} has a step ${String(step)}, and there is no such handler`);
      if (typeof found === 'function') continue;
      if (path.includes(found as AnyHandler)) throw new SkepError('INVALID_CONFIG', `${found.name} is a step of itself`);
      this.#checkSteps(handlerOf(found), path);
    }
  }
}

/** What a drone is given as handlers, as a set: functions by their names, or definitions. @throws {SkepError} INVALID_CONFIG */
export const handlerSetOf = (given: Readonly<Record<string, Handler>> | readonly AnyHandler[]): HandlerSet =>
  new HandlerSet(Array.isArray(given) ? given : Object.entries(given).map(([name, run]) => ({ name, run })));

/** Whether it looks like a handler, right or wrong. */
export const isHandlerLike = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'name' in value && ('run' in value || 'steps' in value);

function handlerOf(given: unknown): AnyHandler {
  const parsed = (isHandlerLike(given) && 'steps' in (given as object) ? Composed : Definition).safeParse(given);
  if (parsed.success) return given as AnyHandler;
  const name = String((given as { name?: unknown } | null)?.name ?? 'A handler').slice(0, 200);
  const [issue] = issuesOf(parsed.error);
  throw new SkepError('INVALID_CONFIG', `${name} is no handler: ${issue?.path ? `${issue.path} ` : ''}${issue?.message}`);
}

async function checked(schema: z.ZodType, value: unknown, code: string, what: string): Promise<unknown> {
  const parsed = await schema.safeParseAsync(value);
  if (parsed.success) return parsed.data;
  const issues = issuesOf(parsed.error).map(({ path, message }) => (path ? `${path}: ${message}` : message));
  throw new TaskError(code, `${what} is not valid: ${issues.join('; ')}`.slice(0, 4096));
}

const nameOf = (step: Step): string => (typeof step === 'string' ? step : step.name || 'function');

function stepContext(context: HandlerContext, place: object): HandlerContext {
  const { id, attempt, log, folder } = context;
  return {
    id,
    attempt,
    log,
    folder,
    get signal() {
      return context.signal;
    },
    get draining() {
      return context.draining;
    },
    progress: (value) => context.progress({ ...place, value }),
  };
}
