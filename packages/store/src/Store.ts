import type { JobStatus, JobsSort, Outcome } from '@skep/protocol';
import type {
  ArtifactRecord,
  AttemptRecord,
  CacheRecord,
  CommandRecord,
  DroneRecord,
  DroppedPlatformRecord,
  JobRecord,
  JobRow,
  JobState,
  ScheduleRecord,
  ScheduleRunRecord,
  ScheduleRunRow,
  StoredEvent,
  TemplateRecord,
  TokenRecord,
  UploadRecord,
  ViewRecord,
} from './records.js';

/** One thing to write. */
export type Change =
  /** A new job; refused if its id is taken. */
  | { type: 'job'; record: JobRecord }
  /** What has become of a job; refused if there is no such job. */
  | { type: 'job-state'; id: string; state: JobState }
  /**
   * A new attempt, or all of what has become of it. Refused: a second live lease of one job, a lease that another attempt
   * has or had, one that is not above those of all forgotten jobs, and another lease for an attempt than its own. Leases are below 2^32.
   */
  | { type: 'attempt'; record: AttemptRecord }
  /** A new command, or all of what has become of it. */
  | { type: 'command'; record: CommandRecord }
  /** The next events of an attempt, gapless; refused if some are missing or there by now, or if another attempt came after this one. */
  | { type: 'events'; jobId: string; attempt: number; events: StoredEvent[] }
  | { type: 'drone'; record: DroneRecord }
  | { type: 'forget-drone'; id: string }
  | { type: 'token'; record: TokenRecord }
  | { type: 'drop-token'; name: string }
  /** A view, or what it has become. */
  | { type: 'view'; record: ViewRecord }
  | { type: 'drop-view'; name: string }
  /** A schedule, or what it has become. */
  | { type: 'schedule'; record: ScheduleRecord }
  /** A schedule and its runs are forgotten; their jobs stay. */
  | { type: 'drop-schedule'; name: string }
  /** One more run; the newest 20 of a schedule are kept. */
  | { type: 'schedule-run'; record: ScheduleRunRecord }
  | { type: 'template'; record: TemplateRecord }
  | { type: 'drop-template'; name: string }
  /** A platform is dropped, or dropped for another reason. */
  | { type: 'dropped-platform'; record: DroppedPlatformRecord }
  | { type: 'restore-platform'; name: string }
  /** An artifact, in place of the one that its attempt had under its path; refused with LEASE_ENDED unless this lease of the attempt is live. */
  | { type: 'artifact'; lease: number; record: ArtifactRecord }
  /** A cache, in place of the one that its project had under its key. */
  | { type: 'cache'; record: CacheRecord }
  | { type: 'drop-cache'; project: string; key: string }
  | { type: 'upload'; record: UploadRecord }
  | { type: 'drop-upload'; id: string }
  /**
   * Removes a job that is done, with all that is known of it and of its descendants; refused if one of them is not done, nothing if it is not there. Its
   * events may stay on the disk, where nobody finds them, until `drop-forgotten` has removed them.
   */
  | { type: 'forget-job'; id: string }
  /** Removes so many events, at most, of jobs that were forgotten. */
  | { type: 'drop-forgotten'; events: number };

/** Which jobs to list, newest first. */
export interface JobFilter {
  status?: JobStatus | 'active';
  outcome?: Outcome;
  project?: string;
  /** Only beside `project`, and not in a tally. */
  branch?: string;
  droneId?: string;
  /** The children of this job; null: only jobs that are no children. */
  parent?: string | null;
  /** By when they were queued; newest first if absent. */
  sort?: JobsSort;
  /** The `next` of the page before, in the same order. */
  before?: string;
  limit: number;
}

/** Which artifacts to list, those of the attempt that began last first, and of one attempt by path. */
export interface ArtifactFilter {
  sha256?: string;
  project?: string;
  /** What the path has in it, small and capital letters alike. */
  text?: string;
  /** What its media type is like. */
  mediaType?: RegExp;
  /** The `next` of the page before. */
  before?: string;
  limit: number;
}

/** A page of artifacts; `next` leads to where the next one begins, null if there is none. */
export interface ArtifactPage {
  artifacts: (ArtifactRecord & { project: string | null })[];
  next: string | null;
}

/** By what jobs are counted; `standing` is the status, and the outcome of those that are done. */
export type TallyBy = 'standing' | 'project' | 'droneId';

/** A job that is done and no child, as retention sees it: with its children, and theirs, which go with it. */
export interface DoneJob {
  id: string;
  /** The ids of all its children and theirs. */
  descendants: string[];
  project: string | null;
  outcome: Outcome | null;
  finishedAt: number;
  /** Of the output and artifacts of all its attempts and those of its descendants. */
  bytes: number;
}

/** How many jobs share what they are counted by; those that have no such thing are left out. */
export interface Tally {
  counts: { status?: JobStatus; outcome?: Outcome | null; project?: string; droneId?: string; jobs: number }[];
  /** Whether all jobs were looked at, or only the newest. */
  isAll: boolean;
}

/** An attempt that passed, as the measure of those to come. */
export interface PastRun {
  /** From its start to its end. */
  durationMs: number;
  droneId: string;
  /** The drone's speed by then. */
  speed: number;
}

/** What became of jobs that ended within a span. */
export interface EndTally {
  outcomes: Partial<Record<Outcome, number>>;
  /** How many of them waited how long for their first start, by the class of the wait (`waitClassOf`). */
  waits: Record<number, number>;
}

/** A run of events of one attempt. */
export interface EventRun {
  attempt: number;
  /** The cursor of the first event; where there is none, the cursor that was asked for. */
  cursor: number;
  events: StoredEvent[];
}

/** A command and the newest of its output. */
export interface CommandSnapshot extends CommandRecord {
  out: Uint8Array;
  err: Uint8Array;
  /** Bytes of each output before `out` and `err`. */
  outFrom: number;
  errFrom: number;
}

/** A job at one instant: all its parts fit together, and `job.cursor` is where they stand. */
export interface JobSnapshot {
  job: JobRecord;
  attempts: AttemptRecord[];
  /** The commands of the latest attempt. */
  commands: CommandSnapshot[];
}

/** What a queen that starts must know of a job that is not done. */
export interface UnfinishedJob {
  job: JobRecord;
  /** Its latest attempt, where there is one. */
  attempt: AttemptRecord | null;
  /** The commands of that attempt. */
  commands: CommandRecord[];
}

/**
 * Where jobs, attempts and their output rest. One queen writes; anybody reads. Every read sees only what is durable,
 * and all of what was durable when it was asked. Errors are SkepErrors: STORE_FULL when there is no room, STORE_FAILED
 * for all else, refused changes among them.
 */
export interface Store {
  /**
   * Writes all changes or none, and is resolved when they are durable. Calls are carried out in the order in which they
   * were made; many may share one flush to the disk. The arguments may be changed by the caller afterwards, but not the
   * bytes of output, which must stay as they are until the promise settles.
   * @param series what builds on changes that may not be durable yet bears the same number as they: when one call fails, all
   * later calls of its series fail too, and of every series with a lower number. The next one has a higher number
   */
  commit(changes: Change[], series?: number): Promise<void>;

  /**
   * Whether there may be a job with this id, or one on its way here, told at once. False is certain, and the common case
   * for an id that is new; true may be wrong.
   */
  mayHave(id: string): boolean;
  /** The job with this id, if there is one. */
  job(id: string): Promise<JobRecord | undefined>;
  /** The children of a job, in the order in which they were committed. */
  children(id: string): Promise<JobRow[]>;
  /** All jobs that are not done, in the order in which they were committed, for a queen that starts. */
  unfinished(): Promise<UnfinishedJob[]>;
  /**
   * A page of jobs, newest first by `queuedAt`, those of one instant by the order in which they were committed; `next` leads
   * to the page after it, null if this was the last.
   * @throws {SkepError} INVALID_MESSAGE if `before` is not the `next` of a page
   */
  jobs(filter: JobFilter): Promise<{ jobs: JobRow[]; next: string | null }>;
  /**
   * Counts the jobs that meet a filter. Where the filter's best index holds more than `among` jobs, only the newest that
   * it holds are looked at, so that it costs no more in a store of any size.
   */
  tally(filter: Omit<JobFilter, 'branch' | 'before' | 'limit'>, by: TallyBy, among: number): Promise<Tally>;
  /** The projects that jobs name, in the order of their code points: of those after this name the first. Costs a seek for each. */
  projects(after: string, limit: number): Promise<string[]>;
  /** The whole job at one instant, with the newest `outputBytes` bytes of each output of each command. */
  snapshot(id: string, outputBytes: number): Promise<JobSnapshot | undefined>;
  /** The attempts at a job, oldest first; none if there is no such job. */
  attempts(id: string): Promise<AttemptRecord[]>;
  /** The commands of an attempt, by number. */
  commands(id: string, attempt: number): Promise<CommandRecord[]>;
  /**
   * The events of a job from a cursor on: a run of at least one, within one attempt, and no more than fit in `maxBytes`
   * (at least one is given however large it is). None if the cursor is at the end or beyond it; the attempt is then the
   * latest, 0 if there is none. Costs the same at any place of any job.
   */
  events(id: string, cursor: number, maxBytes: number): Promise<EventRun>;
  /**
   * The seq of the event that holds this byte of an attempt's output (or the byte after this many line ends). The number
   * of events if the place lies at the end or beyond it, so 0 for an attempt that is not there. Takes logarithmic time.
   */
  seqAt(id: string, attempt: number, place: { byte: number } | { line: number }): Promise<number>;
  /** SHA-256 in hexadecimal over all output of an attempt, in the order of its events. */
  outputSha256(id: string, attempt: number): Promise<string>;
  /** The newest runs that passed of the jobs with this key, newest first. Costs as much as it gives, in a store of any size. */
  runs(runKey: string, limit: number): Promise<PastRun[]>;
  /** What became of the jobs, parents apart, whose `finishedAt` is in [from, to). Takes about a microsecond for each of them, and none for others. */
  ended(from: number, to: number): Promise<EndTally>;
  /** The greatest lease number ever granted; 0 if none. */
  lastLease(): Promise<number>;
  /** All drones that are known. */
  drones(): Promise<DroneRecord[]>;
  tokens(): Promise<TokenRecord[]>;
  /** All views, by name. */
  views(): Promise<ViewRecord[]>;
  /** All schedules, by name. */
  schedules(): Promise<ScheduleRecord[]>;
  /** The runs of all schedules, in the order in which they were committed. */
  scheduleRuns(): Promise<ScheduleRunRow[]>;
  /** All templates, by name. */
  templates(): Promise<TemplateRecord[]>;
  /** All platforms that are dropped, by name. */
  droppedPlatforms(): Promise<DroppedPlatformRecord[]>;
  /** The artifacts of an attempt, by path. */
  artifacts(id: string, attempt: number): Promise<ArtifactRecord[]>;
  /** How many artifacts an attempt has. */
  countArtifacts(id: string, attempt: number): Promise<number>;
  /** One artifact of an attempt. */
  artifact(id: string, attempt: number, path: string): Promise<ArtifactRecord | undefined>;
  /**
   * A page of artifacts. No more than `among` of them are looked at, so that it costs no more in a store of any size: the
   * page may hold fewer than `limit`, or none, and still lead to another.
   * @throws {SkepError} INVALID_MESSAGE if `before` is not the `next` of a page
   */
  artifactPage(filter: ArtifactFilter, among: number): Promise<ArtifactPage>;
  /** The artifact of this path of the job submitted last among those of a project that passed with one, at their last attempt. */
  latestArtifact(project: string, path: string): Promise<ArtifactRecord | undefined>;
  /** The cache of this key; else the newest whose key begins with the first of the prefixes with which any does. */
  cache(project: string, key: string, prefixes: readonly string[]): Promise<CacheRecord | undefined>;
  /** All caches, those used last first. */
  caches(): Promise<CacheRecord[]>;
  /** All uploads, oldest first. */
  uploads(): Promise<UploadRecord[]>;
  /** Which of these contents an artifact or a cache has. */
  referenced(digests: readonly string[]): Promise<string[]>;
  /** A page of the jobs that are done and no children, the last to end first; `next` leads to the page after it, null if this was the last. */
  doneJobs(limit: number, next?: string): Promise<{ jobs: DoneJob[]; next: string | null }>;
  /** Whether events of forgotten jobs are still on the disk. */
  hasForgotten(): Promise<boolean>;
  /** Bytes on disk. */
  size(): Promise<number>;
  /** Carries out what was asked, then closes. */
  close(): Promise<void>;
}
