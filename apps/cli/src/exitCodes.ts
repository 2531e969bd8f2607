import type { ErrorCode, JobSummary } from '@skep/protocol';

/** What `skep` exits with. `skep run` passes the job's own code through; every other command keeps to the first six. */
export const EXIT = {
  ok: 0,
  error: 1,
  usage: 2,
  unauthenticated: 4,
  notFound: 5,
  conflict: 6,
  timedOut: 124,
  skepFailed: 125,
  cancelled: 130,
  readerGone: 141,
} as const;

const byErrorCode: Partial<Record<ErrorCode, number>> = {
  INVALID_CONFIG: EXIT.usage,
  INVALID_JOB: EXIT.usage,
  BAD_INPUT: EXIT.usage,

  INVALID_MESSAGE: EXIT.usage,
  UNAUTHENTICATED: EXIT.unauthenticated,
  FORBIDDEN: EXIT.unauthenticated,
  JOB_NOT_FOUND: EXIT.notFound,
  ATTEMPT_NOT_FOUND: EXIT.notFound,
  DRONE_NOT_FOUND: EXIT.notFound,
  ARTIFACT_NOT_FOUND: EXIT.notFound,
  ROUTE_NOT_FOUND: EXIT.notFound,
  JOB_NOT_DONE: EXIT.conflict,
  JOB_DONE: EXIT.conflict,
  DATA_IN_USE: EXIT.conflict,
  DRONE_REPLACED: EXIT.conflict,
  DRONE_IN_USE: EXIT.conflict,
  SCHEDULE_NOT_FOUND: EXIT.notFound,
  SCHEDULE_EXISTS: EXIT.conflict,
  INVALID_SCHEDULE: EXIT.usage,
  TEMPLATE_NOT_FOUND: EXIT.notFound,
  TEMPLATE_EXISTS: EXIT.conflict,
  TEMPLATE_IN_USE: EXIT.conflict,
  INVALID_TEMPLATE: EXIT.usage,
  INVALID_VALUES: EXIT.usage,
};

/** The exit code of a command, other than `run`, that failed with this error. */
export const exitOfError = (code: ErrorCode): number => byErrorCode[code] ?? EXIT.error;

/** The exit code of `skep run` for a job that is done. */
export function exitOfJob({ outcome, exitCode }: Pick<JobSummary, 'outcome' | 'exitCode'>): number {
  switch (outcome) {
    case 'passed':
      return EXIT.ok;
    case 'failed':
      // A shell keeps eight bits of a code; a failure must not become a 0 by that.
      return (exitCode ?? 1) & 0xff || 1;
    case 'timed-out':
      return EXIT.timedOut;
    case 'cancelled':
      return EXIT.cancelled;
    default:
      return EXIT.skepFailed;
  }
}

/** The exit code of a program that signal `n` ended. */
export const exitOfSignal = (n: number): number => 128 + n;
