import type { MissedPolicy, OverlapPolicy } from '@skep/protocol';

/** What becomes of times that pass while the queen is down. */
export const missedWords: Record<MissedPolicy, string> = {
  once: 'run once, when it is back',
  skip: 'are let go',
  all: 'run all, when it is back',
};

/** What becomes of a time at which the last run is not over. */
export const overlapWords: Record<OverlapPolicy, string> = {
  skip: 'is let go',
  queue: 'waits for its end',
  'cancel-old': 'cancels the old one',
};
