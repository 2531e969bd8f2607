import { inspect } from 'node:util';

/** The longest that is told of something thrown. */
const MAX_WORDS = 4096;

/** Why a task ended without a result: what `job:errored` then says. */
export class TaskError extends Error {
  override readonly name = 'TaskError';

  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Anything that was thrown, in words. Never throws itself, whatever it is given. */
export function thrownWords(thrown: unknown): string {
  try {
    if (thrown instanceof Error && typeof thrown.message === 'string' && thrown.message !== '') return thrown.message.slice(0, MAX_WORDS);
    if (typeof thrown === 'string' && thrown !== '') return thrown.slice(0, MAX_WORDS);
    return `it threw ${inspect(thrown, { depth: 2, breakLength: Number.POSITIVE_INFINITY })}`.slice(0, MAX_WORDS);
  } catch {
    return 'it threw something that cannot be put into words';
  }
}

/** What was thrown as a TaskError: its own, or `handler-failed`. */
export const toTaskError = (thrown: unknown): TaskError =>
  thrown instanceof TaskError ? thrown : new TaskError('handler-failed', thrownWords(thrown), { cause: thrown });

/** Where it was thrown, for those who look after the handler; empty if it does not say. */
export function stackOf({ cause }: TaskError): string {
  try {
    return cause instanceof Error && typeof cause.stack === 'string' ? `${cause.stack.slice(0, 4 * MAX_WORDS)}\n` : '';
  } catch {
    return '';
  }
}
