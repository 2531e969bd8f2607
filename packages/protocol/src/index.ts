export * from './api.js';
export {
  ArchiveQuery,
  ArtifactBody,
  ArtifactInfo,
  ArtifactKind,
  ArtifactPage,
  ArtifactPath,
  ArtifactSearch,
  ArtifactsAnswer,
  ArtifactsQuery,
  artifactKindOf,
  CacheBody,
  CacheParams,
  CacheQuery,
  formOfKind,
  LinkAnswer,
  LinkBody,
  Retention,
  RetentionAnswer,
  RetiredJob,
  Sha256,
  UploadAnswer,
} from './artifacts.js';
export type { AttemptEvent, AttemptEventArgs, AttemptEventName } from './attemptEvents.js';
export { AttemptError, attemptEventNames, attemptEventNotes, attemptEvents, isAttemptEventName } from './attemptEvents.js';
export { checkShape } from './checkShape.js';
export { CompareQuery, Comparison } from './compare.js';
export { DroneGreeting, DroneInfo, PROTOCOL_VERSION } from './droneInfo.js';
export type { ErrorCode } from './errors.js';
export { ErrorBody, errorCodes, Issue, SkepError, toSkepError } from './errors.js';
export { Estimate, Expected, Usual } from './estimate.js';
export {
  ATTACHMENT_BYTES,
  ChunkPlace,
  DroneResume,
  FRAME_ATTACHMENTS,
  FRAME_EVENTS,
  FrameAck,
  HeldAttempt,
  JobFrame,
  PackedEvent,
  ResumeAnswer,
  ResumeVerdict,
  WatchFrame,
} from './frame.js';
export { fromStriderServer } from './fromStriderServer.js';
export type { BuildType, Requirements } from './job.js';
export {
  AssignedJob,
  buildTypes,
  Command,
  Env,
  groupOf,
  isTask,
  Job,
  jobTypeOf,
  Labels,
  phasesOf,
  Ref,
  Repo,
  RepoAuth,
  Requires,
  requirementsOf,
  shownCommand,
  TICKET_PREFIX,
  Trigger,
  titleOf,
} from './job.js';
export { cacheKeyOf, JobArtifacts, JobCache } from './jobFiles.js';
export {
  AttemptInfo,
  Children,
  CommandInfo,
  DroneState,
  DroneSummary,
  JobInfo,
  JobSummary,
  OutputGap,
  OutputInfo,
  Waiting,
} from './jobInfo.js';
export {
  DEFAULT_PORT,
  FACET_JOBS,
  GRACE_MS,
  INFO_OUTPUT_BYTES,
  JOB_TIMEOUT_S,
  LATE_MS,
  Limits,
  LOST_AFTER_S,
  limitErrors,
  MAX_DEPTH,
  MAX_DROPPED,
  MAX_MADE_UP,
  MAX_QUEUED_RUNS,
  MAX_SCHEDULES,
  MAX_TEMPLATES,
  MAX_VALUES,
  MAX_VIEWS,
  SCHEDULE_RESULTS,
  SILENCE_TIMEOUT_S,
} from './limits.js';
export { Gathering, MANY_MESSAGES, ManyMessages, messagesIn, type Spoken, sayMany } from './many.js';
export { maskJob } from './maskJob.js';
export { axesOf, Cell, CellValue, cellsOf, cellWords, LeftOut, Matrix, sizeOf, variableOf } from './matrix.js';
export type { CallerMessageName, DroneMessageName } from './messages.js';
export {
  CancelReason,
  callerMessages,
  droneMessages,
  queenToCallerMessages,
  queenToDroneMessages,
  SubmitAnswer,
  WatchOptions,
} from './messages.js';
export { nearest } from './nearest.js';
export { type FleetStatus, HookFilter, HookKey, HookName, HooksAnswer, JobNotice, NoticePlace } from './notice.js';
export { ErrorMatcher, errorIn, errorPattern, MARKED_ERRORS, OutputErrors } from './outputErrors.js';
export { issuesOf, parseAs, parseAttemptEvent } from './parse.js';
export { DropBody, Platform, PlatformsAnswer } from './platform.js';
export { BadgeQuery, Project, ProjectName, ProjectSummary, ProjectsAnswer, ProjectsQuery } from './project.js';
export {
  DueTime,
  MissedPolicy,
  NextQuery,
  NextTimes,
  OverlapPolicy,
  PauseBody,
  PreviewQuery,
  Schedule,
  ScheduleBody,
  ScheduleChange,
  ScheduleName,
  ScheduleResult,
  SchedulesAnswer,
  When,
  WhenProblem,
} from './schedule.js';
export { MASK, mapSecrets } from './secrets.js';
export { Stats, StatsBucket, StatsQuery, Waits } from './stats.js';
export { fromStrider, isStriderJob } from './strider.js';
export type { StriderSaying, StriderStatus } from './striderStatus.js';
export { StriderStatuses, sayingOf } from './striderStatus.js';
export {
  Parameter,
  Template,
  TemplateBody,
  TemplateChange,
  TemplateName,
  TemplateRunBody,
  TemplatesAnswer,
  TemplateUse,
  TemplateValue,
} from './template.js';
export { unblockOf, verdictsOf } from './verdicts.js';
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
  MAX_EVENT_BYTES,
  Outcome,
  OutputState,
  OutputText,
  Phase,
  PlatformName,
  Priority,
  phases,
  Seq,
  Standing,
  Stream,
  Timestamp,
} from './vocabulary.js';
export { JobWhy, Unblock, Verdict } from './why.js';
