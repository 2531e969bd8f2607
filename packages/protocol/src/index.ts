export * from './api.js';
export { AttemptError, attemptEventNames, attemptEventNotes, attemptEvents, isAttemptEventName } from './attemptEvents.js';
export type { AttemptEvent, AttemptEventArgs, AttemptEventName } from './attemptEvents.js';
export { DroneGreeting, DroneInfo, PROTOCOL_VERSION } from './droneInfo.js';
export { ErrorBody, Issue, SkepError, errorCodes, toSkepError } from './errors.js';
export type { ErrorCode } from './errors.js';
export {
  ChunkPlace,
  DroneResume,
  FRAME_EVENTS,
  FrameAck,
  HeldAttempt,
  JobFrame,
  PackedEvent,
  ResumeAnswer,
  ResumeVerdict,
  WatchFrame,
} from './frame.js';
export {
  AssignedJob,
  Command,
  Env,
  Job,
  Labels,
  MASK,
  Ref,
  Repo,
  RepoAuth,
  Requires,
  Trigger,
  buildTypes,
  isTask,
  jobTypeOf,
  maskJob,
  phasesOf,
  requirementsOf,
  shownCommand,
  titleOf,
} from './job.js';
export type { BuildType } from './job.js';
export { AttemptInfo, CommandInfo, DroneState, DroneSummary, JobInfo, JobSummary, OutputInfo, Waiting } from './jobInfo.js';
export { DEFAULT_PORT, GRACE_MS, INFO_OUTPUT_BYTES, JOB_TIMEOUT_S, LOST_AFTER_S, Limits, SILENCE_TIMEOUT_S } from './limits.js';
export { CancelReason, SubmitAnswer, WatchOptions, callerMessages, droneMessages, queenToCallerMessages, queenToDroneMessages } from './messages.js';
export type { CallerMessageName, DroneMessageName } from './messages.js';
export { issuesOf, parseAs, parseAttemptEvent } from './parse.js';
export { fromStrider, isStriderJob } from './strider.js';
export {
  AttemptNumber,
  CHUNK_BYTES,
  CommandNum,
  Cursor,
  DroneId,
  ExitCode,
  JobId,
  JobStatus,
  LeaseNumber,
  Outcome,
  OutputState,
  OutputText,
  Phase,
  Seq,
  Stream,
  Timestamp,
  phases,
} from './vocabulary.js';
