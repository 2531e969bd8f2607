import type {
  AttemptError,
  AttemptEventName,
  Cell,
  Children,
  Job,
  JobStatus,
  JobsFilter,
  Labels,
  Outcome,
  OutputGap,
  OutputState,
  Phase,
  ScheduleBody,
  ScheduleResult,
  Stream,
  TemplateBody,
  TokenScope,
} from '@skep/protocol';

/** What of a job changes while it waits and runs. Instants are Unix ms of the queen's clock. */
export interface JobState {
  status: JobStatus;
  outcome: Outcome | null;
  reason: string | null;
  /** The number of the latest attempt; 0 before the first. */
  attempt: number;
  droneId: string | null;
  droneName: string | null;
  phase: Phase | null;
  startedAt: number | null;
  /** How long it waited from its submission to its first start; null until then. */
  waitedMs: number | null;
  finishedAt: number | null;
  exitCode: number | null;
  signal: string | null;
  /** false where a cancel ended without the word of the drone; null where none was asked for. */
  confirmed: boolean | null;
  /** The reason given with a cancel that is not carried out yet; it outlives a restart of the queen. */
  cancelReason: string | null;
  /** Higher goes first. */
  priority: number;
  /** The earliest instant of the next attempt, while a retry waits out its back-off. */
  notBefore: number | null;
  /** Where the job's stream of events ends: the sum of the events of its attempts. */
  cursor: number;
  /** Of a parent: its children by how they stand; null of any other job. */
  children: Children | null;
}

/** A job without what was submitted: enough for lists. */
export interface JobRow extends JobState {
  id: string;
  title: string;
  project: string | null;
  /** Of its sources, where it names one. */
  branch: string | null;
  jobType: string;
  retryOf: string | null;
  queuedAt: number;
  /** The same for all jobs that run the same; null for those of an older version. */
  runKey: string | null;
  /** The job of which it is a child. */
  parent: string | null;
  /** Which cell of a matrix it is. */
  cell: Cell | null;
  /** What its children are, where it is a parent: no drone is given it. */
  parentOf: Children['kind'] | null;
}

/** A job as it rests in the store. */
export interface JobRecord extends JobRow {
  /** As the caller submitted it, secrets included. */
  job: Job;
}

/** One attempt at a job. While `endedAt` is null its lease is live. */
export interface AttemptRecord {
  jobId: string;
  attempt: number;
  lease: number;
  droneId: string;
  droneName: string;
  /** The drone's speed by then; null for attempts of an older version. */
  droneSpeed: number | null;
  grantedAt: number;
  /** When a plain drone said that the job was queued; null if it did not. */
  queuedAt: number | null;
  startedAt: number | null;
  /** When the phase it is in began, and when its test phase ended; null until then. */
  phaseStartedAt: number | null;
  testedAt: number | null;
  finishedAt: number | null;
  /** When the lease ended; null while it is live. */
  endedAt: number | null;
  outcome: Outcome | null;
  reason: string | null;
  error: AttemptError | null;
  phase: Phase | null;
  /** Phases that have begun, for the decision whether the attempt may be tried again. */
  deployBegan: boolean;
  testCode: number | null;
  testTimeMs: number | null;
  deployCode: number | null;
  deployTimeMs: number | null;
  exitCode: number | null;
  signal: string | null;
  progress: unknown;
  result: unknown;
  /** The cursor of its first event: the events of all attempts before it. */
  firstCursor: number;
  events: number;
  outputBytes: number;
  outputLines: number;
  outputState: OutputState;
  sha256: string | null;
  missing: string | null;
  /** The places at which output is missing, in order; null if none is known. */
  gaps: OutputGap[] | null;
}

/** One command of an attempt. */
export interface CommandRecord {
  jobId: string;
  attempt: number;
  /** From 0; -1 for the blank command that holds text from before the first. */
  num: number;
  phase: Phase | null;
  cmd: string;
  screencmd: string | null;
  exitCode: number | null;
  signal: string | null;
  startedAt: number | null;
  finishedAt: number | null;
  /** The seqs between which all its output lies, both included. */
  firstSeq: number;
  lastSeq: number;
  outBytes: number;
  errBytes: number;
}

/** One event of an attempt. */
export interface StoredEvent {
  seq: number;
  /** Unix ms, the queen's clock. */
  at: number;
  name: AttemptEventName;
  /** The event's arguments after the job's id, without the output itself. */
  args: unknown[];
  /** The output that the event carries, and whose it is; null for all other events. */
  output: { command: number; stream: Stream; bytes: Uint8Array } | null;
  /** Bytes of output in the attempt before this event. */
  firstByte: number;
  /** Line ends in the output of the attempt before this event. */
  firstLine: number;
  /** Line ends in its own output. */
  lines: number;
}

/** What is known of a drone that said who it is, also while it is away. */
export interface DroneRecord {
  id: string;
  name: string;
  speed: number;
  capacity: number;
  labels: Labels;
  plugins: string[];
  handlers: string[];
  platform: string | null;
  version: string | null;
  /** Set by people: it gets no new jobs until it is resumed. */
  drainReason: string | null;
  connectedAt: number | null;
  seenAt: number;
}

/** A file that an attempt left behind; its content rests elsewhere, under its digest. */
export interface ArtifactRecord {
  jobId: string;
  attempt: number;
  path: string;
  size: number;
  mode: number;
  mediaType: string;
  sha256: string;
  createdAt: number;
}

/** Files packed under a key, for later jobs of a project; its content rests elsewhere, under its digest. */
export interface CacheRecord {
  /** Empty for jobs of no project. */
  project: string;
  key: string;
  size: number;
  sha256: string;
  createdAt: number;
  usedAt: number;
}

/** What becomes of an upload when it is complete. */
export type UploadTarget =
  | { type: 'artifact'; jobId: string; attempt: number; lease: number; path: string; mode: number; mediaType: string }
  | { type: 'cache'; project: string; key: string };

/** A file that is on its way. */
export interface UploadRecord {
  id: string;
  target: UploadTarget;
  size: number;
  sha256: string;
  createdAt: number;
}

/** A filter of jobs under a name that all share. */
export interface ViewRecord {
  name: string;
  filter: JobsFilter;
  changedAt: number;
}

/** A schedule, and up to where it was carried out. */
export interface ScheduleRecord {
  name: string;
  /** What it runs and when. */
  spec: Omit<ScheduleBody, 'name'>;
  createdAt: number;
  changedAt: number;
  /** Where the periods of a duration begin. */
  anchorAt: number;
  /** Of all times up to this instant it is decided what becomes of them. */
  decidedUntil: number;
  /** null while it is enabled. */
  pausedAt: number | null;
  pauseReason: string | null;
}

/** What became of one time of a schedule, or of a run by hand. */
export interface ScheduleRunRecord {
  schedule: string;
  /** The time that it was for; null if it was run by hand. */
  dueAt: number | null;
  /** When it was decided. */
  decidedAt: number;
  jobId: string | null;
  skipped: ScheduleResult['skipped'] | null;
  reason: string | null;
}

/** A run with what became of its job; null where there is none, or none any more. */
export interface ScheduleRunRow extends ScheduleRunRecord {
  status: JobStatus | null;
  outcome: Outcome | null;
  finishedAt: number | null;
}

/** A job with parameters. */
export interface TemplateRecord {
  name: string;
  spec: Omit<TemplateBody, 'name'>;
  createdAt: number;
  changedAt: number;
}

/** A platform whose drones get no jobs. */
export interface DroppedPlatformRecord {
  name: string;
  reason: string | null;
  droppedAt: number;
}

/** A token, known by the SHA-256 of its secret. */
export interface TokenRecord {
  name: string;
  scope: TokenScope;
  sha256: string;
  createdAt: number;
}
