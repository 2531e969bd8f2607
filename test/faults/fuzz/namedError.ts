import { ErrorBody } from '@skep/protocol';

/** Codes that would mean that bad input got further than it may. */
const ours: ReadonlySet<string> = new Set([
  'INTERNAL',
  'STORE_FAILED',
  'STORE_FULL',
  'STORE_NEWER',
  'TIMED_OUT',
  'QUEEN_STOPPING',
  'RATE_LIMITED',
]);
/** No error repeats what it was sent at length. */
const ERROR_CHARS = 20_000;

/** What is wrong with an error that was answered; undefined if nothing is. */
export function flawOf(error: unknown): string | undefined {
  const text = JSON.stringify(error) ?? 'nothing';
  const parsed = ErrorBody.safeParse(error);
  if (!parsed.success) return `no named error: ${text.slice(0, 300)}`;
  if (ours.has(parsed.data.code)) return `an error that bad input must not cause: ${text.slice(0, 300)}`;
  return text.length > ERROR_CHARS ? `an error of ${text.length} characters: ${text.slice(0, 300)}` : undefined;
}
