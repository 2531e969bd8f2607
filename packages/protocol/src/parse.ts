import type * as z from 'zod';
import { type AttemptEvent, attemptEvents, isAttemptEventName } from './attemptEvents.js';
import { type ErrorCode, type Issue, SkepError } from './errors.js';

/** The most issues that an answer lists; hostile input can have very many. */
const MAX_ISSUES = 20;

/** What a schema found wrong, each with its path in dots. */
export const issuesOf = (error: z.ZodError): Issue[] =>
  error.issues
    .slice(0, MAX_ISSUES)
    .map(({ path, message }) => ({ path: path.map(String).join('.').slice(0, 200), message: message.slice(0, 500) }));

/**
 * Checks a value against its schema.
 * @throws {SkepError} with `code` and the issues if it does not fit; `what` names it in the message
 */
export function parseAs<S extends z.ZodType>(schema: S, value: unknown, what: string, code: ErrorCode = 'INVALID_MESSAGE'): z.infer<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = issuesOf(parsed.error);
  const first = issues[0];
  const where = first?.path ? `${first.path}: ` : '';
  throw new SkepError(code, `${what} is not valid: ${where}${first?.message ?? 'unknown form'}`, { issues });
}

/**
 * Checks the arguments of an event of an attempt, without its job's id.
 * @throws {SkepError} UNKNOWN_EVENT or INVALID_MESSAGE
 */
export function parseAttemptEvent(name: unknown, args: readonly unknown[]): AttemptEvent {
  if (!isAttemptEventName(name)) throw new SkepError('UNKNOWN_EVENT', `No event is called ${String(name).slice(0, 100)}`);
  return { name, args: parseAs(attemptEvents[name], args, name) } as AttemptEvent;
}
