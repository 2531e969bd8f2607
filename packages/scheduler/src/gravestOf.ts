import type { Outcome } from '@skep/protocol';

/**
 * Outcomes, the gravest first: what a job itself did wrong before what kept it from running, and what nobody wanted to run
 * last. A parent has the gravest of its children's.
 */
export const gravity: readonly Outcome[] = ['failed', 'timed-out', 'errored', 'lost', 'cancelled', 'passed'];

/** The gravest of these outcomes; `cancelled` where there are none: then nothing was run. */
export function gravestOf(outcomes: Iterable<Outcome>): Outcome {
  const all = new Set(outcomes);
  return gravity.find((outcome) => all.has(outcome)) ?? 'cancelled';
}
