import type { AttemptContext } from './AttemptContext.js';

export type { AbortReason, AttemptContext } from './AttemptContext.js';

/**
 * Runs one attempt to its end and emits every event from `job:started` to `job:done` (`job:queued` is the caller's).
 * Never throws for what a job does: every failure is an event.
 */
export async function runAttempt({ emit, now }: AttemptContext): Promise<void> {
  emit({ name: 'job:started', args: [now()] });
  emit({ name: 'job:errored', args: [{ code: 'nothing-to-run', message: 'The job has neither phases nor plugins, and its type names no handler' }, now()] });
  emit({ name: 'job:done', args: [now()] });
}
