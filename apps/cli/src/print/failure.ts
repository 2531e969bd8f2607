import { type ErrorCode, errorCodes, SkepError } from '@skep/protocol';
import { CliError } from '../CliError.js';
import type { Paint } from './paint.js';

export interface Failure {
  code: ErrorCode | 'USAGE';
  message: string;
  why: string | undefined;
  hint: string | undefined;
}

/** An error in three parts: what happened, why, and what to do next. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CliError) return { code: 'USAGE', message: error.message, why: error.why, hint: error.hint };
  if (!(error instanceof SkepError)) {
    const message = error instanceof Error ? error.message : String(error);
    return { code: 'INTERNAL', message, why: errorCodes.INTERNAL.meaning, hint: errorCodes.INTERNAL.hint };
  }
  return { code: error.code, message: error.message, why: whyOf(error), hint: error.hint };
}

function whyOf(error: SkepError): string | undefined {
  const issues = error.issues?.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  // The first one stands in the message already.
  if (issues?.some((issue) => !error.message.includes(issue))) return issues.join('; ');
  const cause = innermost(error.cause);
  if (cause !== '' && !error.message.includes(cause)) return cause;
  const { meaning } = errorCodes[error.code];
  return meaning === error.message ? undefined : meaning;
}

/** The words of the deepest cause: `connect ECONNREFUSED 127.0.0.1:7874`, where what wraps it only says that a request failed. */
export function innermost(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const inner =
    error instanceof AggregateError ? error.errors[0] : (error.cause ?? ('description' in error ? error.description : undefined));
  return innermost(inner) || ('error' in error ? innermost(error.error) : '') || error.message;
}

/** The three parts as lines. */
export function failureText({ message, why, hint }: Failure, paint: Paint): string {
  const lines = [`${paint('red', 'error:')} ${message}`];
  if (why !== undefined) lines.push(`${paint('dim', 'why:')} ${why}`);
  if (hint !== undefined) lines.push(`${paint('dim', 'try:')} ${hint}`);
  return lines.join('\n');
}
