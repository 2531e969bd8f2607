import { ErrorBody, SkepError } from '@skep/protocol';

/** The error in an answer of the queen, `{error: {code, message, ...}}`, as one to throw; undefined if it holds none. */
export function errorIn(answer: unknown): SkepError | undefined {
  if (typeof answer !== 'object' || answer === null || !('error' in answer)) return undefined;
  return asSkepError(answer.error) ?? new SkepError('INTERNAL', `The queen answered with an error of unknown form: ${brief(answer.error)}`);
}

/** What the other side gave as an error, if it has the form of one. */
export function asSkepError(body: unknown): SkepError | undefined {
  const parsed = ErrorBody.safeParse(body);
  return parsed.success ? SkepError.fromBody(parsed.data) : undefined;
}

const brief = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 200);
