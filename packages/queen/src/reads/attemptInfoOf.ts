import type { AttemptInfo, OutputInfo } from '@skep/protocol';
import type { AttemptRecord } from '@skep/store';

/** One attempt as callers see it. */
export const attemptInfoOf = (record: AttemptRecord): AttemptInfo => ({
  attempt: record.attempt,
  drone: record.droneName,
  outcome: record.outcome,
  ...(record.reason !== null && { reason: record.reason }),
  ...(record.error !== null && { error: record.error }),
  started: record.startedAt,
  finished: record.finishedAt,
  firstCursor: record.firstCursor,
  events: record.events,
  output: outputInfoOf(record),
});

/** The size and state of an attempt's output. */
export const outputInfoOf = (record: AttemptRecord): OutputInfo => ({
  bytes: record.outputBytes,
  lines: record.outputLines,
  state: record.outputState,
  ...(record.sha256 !== null && { sha256: record.sha256 }),
  ...(record.missing !== null && { missing: record.missing }),
  ...(record.gaps !== null && { gaps: record.gaps }),
});
