import { LATE_MS, MAX_MADE_UP, type MissedPolicy } from '@skep/protocol';

/** What is to become of times that have come. */
export interface Plan {
  /** Those that run, in order; `isMadeUp` where the time was missed. */
  run: { due: number; isMadeUp: boolean }[];
  /** Those that do not, in order. */
  missed: number[];
}

/**
 * Decides which of the times that have come are run. One counts as missed when it is decided more than a minute late.
 * @param due in order, Unix ms, none after `nowMs`
 */
export function planRuns(due: readonly number[], nowMs: number, policy: MissedPolicy): Plan {
  const isLate = (at: number): boolean => nowMs - at > LATE_MS;
  const late = due.filter(isLate);
  const onTime = due.filter((at) => !isLate(at)).map((at) => ({ due: at, isMadeUp: false }));
  // One that is on time makes up for those before it.
  const wanted = policy === 'all' ? MAX_MADE_UP : policy === 'once' && onTime.length === 0 ? 1 : 0;
  const cut = Math.max(0, late.length - wanted);
  return {
    run: [...late.slice(cut).map((at) => ({ due: at, isMadeUp: true })), ...onTime],
    missed: late.slice(0, cut),
  };
}
