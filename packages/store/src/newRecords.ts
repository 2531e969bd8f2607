import type { AttemptRecord, JobState } from './records.js';

/** The state of a job that has just come in with this priority. */
export const newJobState = (priority = 0): JobState => ({
  status: 'queued',
  outcome: null,
  reason: null,
  attempt: 0,
  droneId: null,
  droneName: null,
  phase: null,
  startedAt: null,
  waitedMs: null,
  finishedAt: null,
  exitCode: null,
  signal: null,
  confirmed: null,
  cancelReason: null,
  priority,
  notBefore: null,
  cursor: 0,
  children: null,
});

/** What is known of an attempt when its lease is granted. */
type Granted = Pick<
  AttemptRecord,
  'jobId' | 'attempt' | 'lease' | 'droneId' | 'droneName' | 'droneSpeed' | 'grantedAt' | 'startedAt' | 'firstCursor'
>;

/** An attempt of which nothing was heard yet. Written out, as an object that others are spread into costs a hundred times as much. */
export const newAttempt = (granted: Granted): AttemptRecord => ({
  jobId: granted.jobId,
  attempt: granted.attempt,
  lease: granted.lease,
  droneId: granted.droneId,
  droneName: granted.droneName,
  droneSpeed: granted.droneSpeed,
  grantedAt: granted.grantedAt,
  queuedAt: null,
  startedAt: granted.startedAt,
  phaseStartedAt: null,
  testedAt: null,
  finishedAt: null,
  endedAt: null,
  outcome: null,
  reason: null,
  error: null,
  phase: null,
  deployBegan: false,
  testCode: null,
  testTimeMs: null,
  deployCode: null,
  deployTimeMs: null,
  exitCode: null,
  signal: null,
  progress: null,
  result: null,
  firstCursor: granted.firstCursor,
  events: 0,
  outputBytes: 0,
  outputLines: 0,
  outputState: 'growing',
  sha256: null,
  missing: null,
  gaps: null,
});
