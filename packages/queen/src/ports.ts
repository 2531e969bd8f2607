import type {
  AttemptEvent,
  CancelAnswer,
  DroneInfo,
  DroneSummary,
  DueTime,
  HeldAttempt,
  JobFrame,
  JobNotice,
  JobStatus,
  JobSummary,
  JobWhy,
  NextTimes,
  Platform,
  PreviewQuery,
  ResumeVerdict,
  Schedule,
  ScheduleBody,
  ScheduleChange,
  SubmitAnswer,
  Template,
  TemplateBody,
  TemplateChange,
  TemplateRunBody,
  Usual,
  Waiting,
} from '@skep/protocol';
import type { EventRun } from '@skep/store';

/** A drone's connection as the coordinator knows it. */
export interface DroneLink {
  /** The drone's id: its own where it gave one, else one that ends with the connection. */
  droneId: string;
  /** New with every connection. */
  linkId: string;
  /** Whether it gave an id of its own, so that it can come back as itself. */
  lasting: boolean;
  /** Whether it speaks the packed form: it says what it holds after every connect, and spools what is not confirmed. */
  packed: boolean;
}

/** What jobs and their callers ask of the coordinator. Errors are SkepErrors. */
export interface JobDesk {
  /**
   * Takes a job in. Resolved when it is durable. A job whose id is known already is not made again.
   * @throws INVALID_JOB, QUEUE_FULL, STORE_FULL, QUEEN_STOPPING
   */
  submit(data: unknown): Promise<SubmitAnswer>;
  /** Ends a job. Resolved when the wish is durable, with the job's status by then. @throws JOB_NOT_FOUND */
  cancel(id: string, reason?: string): Promise<CancelAnswer>;
  /** Gives a job that is not done another priority, for all attempts to come. Resolved when that is durable. @throws JOB_NOT_FOUND, JOB_DONE */
  setPriority(id: string, priority: number): Promise<void>;
  /** Submits a done job again, as a new job that names the old one. @throws JOB_NOT_FOUND, JOB_NOT_DONE */
  retry(id: string): Promise<SubmitAnswer>;
  /** Why a job waits; null if it does not. */
  waiting(id: string): Waiting | null;
  /**
   * What was told last of a job that is not done, with the cursor after the newest event that was told; undefined if nothing was
   * told, and the store knows.
   */
  told(id: string): JobSummary | undefined;
  /** How long a job that runs usually takes on its drone; undefined where that is unknown. */
  usual(id: string): Usual | undefined;
  /** Why a job waits, what each drone has to do with it, and how long it will take. @throws JOB_NOT_FOUND */
  why(id: string): Promise<JobWhy>;
  /** Does nothing if this attempt holds this lease. @throws LEASE_ENDED if it does not, or not any more */
  checkLease(jobId: string, attempt: number, lease: number): void;
  /** Jobs by whose ends others wait to be judged. */
  neededJobs(): ReadonlySet<string>;
  /** How many jobs are in each status that is not done. */
  counts(): Record<Exclude<JobStatus, 'done'>, number>;
}

/** What people ask of the coordinator about drones. */
export interface DroneDesk {
  /** All drones that are known, connected or not, by name. */
  listDrones(): DroneSummary[];
  /** Gives a drone (by id or name) no new jobs until it is resumed. @throws DRONE_NOT_FOUND */
  drain(drone: string, reason?: string): Promise<DroneSummary>;
  /** Lets a drained or quarantined drone have jobs again. @throws DRONE_NOT_FOUND */
  resume(drone: string): Promise<DroneSummary>;
  /** Forgets a drone that is gone and holds no jobs. @throws DRONE_NOT_FOUND, DRONE_IN_USE */
  forget(drone: string): Promise<void>;
}

/** What people ask of the coordinator about schedules. A name that is not known is a SCHEDULE_NOT_FOUND, with those near it. */
export interface ScheduleDesk {
  /** All schedules, by name. */
  list(): Schedule[];
  get(name: string): Schedule;
  /** @throws SCHEDULE_EXISTS, INVALID_SCHEDULE, TOO_MANY_SCHEDULES */
  add(body: ScheduleBody): Promise<Schedule>;
  /** What is absent in the change stays. @throws INVALID_SCHEDULE */
  change(name: string, change: ScheduleChange): Promise<Schedule>;
  /** Forgets a schedule; its jobs stay. */
  remove(name: string): Promise<void>;
  /** Paused, it makes no jobs; what its times would have been meanwhile is never made up for. */
  pause(name: string, reason?: string): Promise<Schedule>;
  resume(name: string): Promise<Schedule>;
  /** Runs it now, beside its times. @throws QUEUE_FULL */
  run(name: string): Promise<SubmitAnswer>;
  /** The next so many times; while it is paused, those at which it would run. */
  next(name: string, count: number): DueTime[];
  /** The next times of one that there is not yet, or what is wrong with it. */
  preview(query: PreviewQuery): NextTimes;
}

/** What people ask of the coordinator about templates. A name that is not known is a TEMPLATE_NOT_FOUND, with the one near it. */
export interface TemplateDesk {
  /** All templates, by name. */
  list(): Template[];
  get(name: string): Template;
  /** @throws TEMPLATE_EXISTS, INVALID_TEMPLATE, TOO_MANY_TEMPLATES */
  add(body: TemplateBody): Promise<Template>;
  /** Puts another in place of the one of this name. @throws INVALID_TEMPLATE */
  replace(name: string, body: TemplateChange): Promise<Template>;
  /** @throws TEMPLATE_IN_USE */
  remove(name: string): Promise<void>;
  /** Submits the job that a template is with these values. @throws INVALID_VALUES, INVALID_JOB, QUEUE_FULL */
  run(name: string, body: TemplateRunBody): Promise<SubmitAnswer>;
}

/** What people ask of the coordinator about platforms. */
export interface PlatformDesk {
  /** All platforms that drones name or that are dropped, by name. */
  list(): Platform[];
  /** Gives its drones no jobs until it is restored, and has fan-outs leave its cells out; said again, the reason is another. @throws TOO_MANY_PLATFORMS */
  drop(name: string, reason?: string): Promise<Platform>;
  /** Lets its drones have jobs again; nothing changes where it was not dropped. */
  restore(name: string): Promise<Platform>;
}

/** What drones say to the coordinator. Errors are SkepErrors, to be handed back by name. */
export interface DroneEar {
  /** A drone says what it is: joins, or changes. */
  droneInfo(link: DroneLink, info: DroneInfo): void;
  /** A drone says all that it holds, after a connect; the answer is a verdict on each. */
  droneResumes(link: DroneLink, held: readonly HeldAttempt[]): Promise<ResumeVerdict[]>;
  /** Anything was heard of a drone. */
  droneSeen(link: DroneLink): void;
  /** A connection is gone; `clean` if the drone took its leave. */
  droneGone(link: DroneLink, clean: boolean): void;
  /** A plain drone reports one event. @throws NOT_YOUR_JOB, COMMAND_NOT_FOUND */
  plainEvent(link: DroneLink, jobId: string, event: AttemptEvent): void;
  /**
   * A drone of ours reports a run of events. Resolved, with the seq before which all is durable, after the commit.
   * @throws NOT_YOUR_JOB, LEASE_ENDED, SEQ_GAP, COMMAND_NOT_FOUND, STORE_FULL
   */
  frame(link: DroneLink, frame: JobFrame): Promise<number>;
}

/** What the gateway and HTTP may ask of the coordinator; in scale-out a bus stands between them. */
export interface Coordination extends JobDesk, DroneDesk, DroneEar {}

/** What the coordinator says to drones and to whoever watches. Nothing here fails or waits: a reader that missed it reads the store. */
export interface Announcer {
  /** Hands a job to a drone, or tells it to end one. Dropped if the drone is not there. */
  tellDrone(droneId: string, message: 'queue:new' | 'job:cancel', ...args: unknown[]): void;
  /** Ends a drone's connection; it may come back. */
  dropDrone(droneId: string, linkId: string): void;
  /** Events that are durable by now, in order. */
  eventsAdded(jobId: string, run: EventRun): void;
  /** A job's summary has changed, and the change is durable. */
  jobChanged(summary: JobSummary): void;
  /** What hooks are told. */
  jobNotice(notice: JobNotice): void;
  /** A job is over; said once, after its last event. */
  jobDone(summary: JobSummary): void;
  droneJoined(summary: DroneSummary): void;
  droneChanged(summary: DroneSummary): void;
  /** Said once for each time that a drone had joined. */
  droneDied(droneId: string): void;
  /** A drone that was gone is not known any more. */
  droneForgotten(droneId: string): void;
  /** A schedule is new, or something of it has changed. */
  scheduleChanged(schedule: Schedule): void;
  scheduleRemoved(name: string): void;
  /** A platform was dropped or restored. */
  platformChanged(platform: Platform): void;
}
