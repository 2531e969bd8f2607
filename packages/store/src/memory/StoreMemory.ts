import { SCHEDULE_RESULTS, SkepError } from '@skep/protocol';
import type {
  ArtifactRecord,
  AttemptRecord,
  CacheRecord,
  CommandRecord,
  DroneRecord,
  DroppedPlatformRecord,
  JobRecord,
  JobState,
  ScheduleRecord,
  ScheduleRunRecord,
  StoredEvent,
  TemplateRecord,
  TokenRecord,
  UploadRecord,
  ViewRecord,
} from '../records.js';
import type { Change } from '../Store.js';

const MAX_LEASE = 2 ** 32 - 1;

/** A job with its place in the order of submission. */
export interface KeptJob {
  readonly key: number;
  record: JobRecord;
  /** By number, in the order in which they were granted. */
  readonly attempts: Map<number, KeptAttempt>;
}

/** An attempt with its commands, by number, and its events. */
export interface KeptAttempt {
  record: AttemptRecord;
  readonly commands: Map<number, CommandRecord>;
  readonly events: StoredEvent[];
  /** By path. */
  readonly artifacts: Map<string, ArtifactRecord>;
}

/**
 * What a store in memory keeps. It outlives the store: another one that is made of it goes on where the first was
 * closed, as two stores do that are opened one after the other in the same folder.
 */
export class StoreMemory {
  readonly jobs = new Map<string, KeptJob>();
  readonly drones = new Map<string, DroneRecord>();
  readonly tokens = new Map<string, TokenRecord>();
  readonly views = new Map<string, ViewRecord>();
  readonly schedules = new Map<string, ScheduleRecord>();
  readonly templates = new Map<string, TemplateRecord>();
  readonly droppedPlatforms = new Map<string, DroppedPlatformRecord>();
  /** In the order in which they were added. */
  scheduleRuns: readonly ScheduleRunRecord[] = [];
  /** By project and key, as JSON. */
  readonly caches = new Map<string, CacheRecord>();
  readonly uploads = new Map<string, UploadRecord>();
  #lastKey = 0;
  lastLease = 0;
  /** The greatest lease of jobs that were forgotten. */
  #lastForgotten = 0;
  readonly #leases = new Map<number, KeptAttempt>();
  /** What takes back the changes of the call that is being carried out, the first of them first. */
  #undo: (() => void)[] = [];

  /** Carries out all changes or none. @throws {SkepError} STORE_FAILED if one of them is refused */
  apply(changes: readonly Change[]): void {
    this.#undo = [];
    try {
      for (const change of changes) this.#applyOne(change);
    } catch (error) {
      for (const undo of this.#undo.reverse()) undo();
      throw error;
    }
  }

  #applyOne(change: Change): void {
    switch (change.type) {
      case 'job':
        this.#addJob(change.record);
        break;
      case 'job-state':
        this.#setJobState(change.id, change.state);
        break;
      case 'attempt':
        this.#putAttempt(change.record);
        break;
      case 'command':
        this.#set(this.#latest(change.record.jobId, change.record.attempt).commands, change.record.num, { ...change.record });
        break;
      case 'events':
        this.#addEvents(this.#latest(change.jobId, change.attempt), change.events);
        break;
      case 'drone':
        this.#set(this.drones, change.record.id, asJson(change.record));
        break;
      case 'forget-drone':
        this.#delete(this.drones, change.id);
        break;
      case 'token':
        this.#set(this.tokens, change.record.name, { ...change.record });
        break;
      case 'drop-token':
        this.#delete(this.tokens, change.name);
        break;
      case 'view':
        this.#set(this.views, change.record.name, asJson(change.record));
        break;
      case 'drop-view':
        this.#delete(this.views, change.name);
        break;
      case 'schedule':
        this.#set(this.schedules, change.record.name, asJson(change.record));
        break;
      case 'drop-schedule':
        this.#delete(this.schedules, change.name);
        this.#setRuns(this.scheduleRuns.filter(({ schedule }) => schedule !== change.name));
        break;
      case 'schedule-run':
        this.#addRun(change.record);
        break;
      case 'template':
        this.#set(this.templates, change.record.name, asJson(change.record));
        break;
      case 'drop-template':
        this.#delete(this.templates, change.name);
        break;
      case 'dropped-platform':
        this.#set(this.droppedPlatforms, change.record.name, { ...change.record });
        break;
      case 'restore-platform':
        this.#delete(this.droppedPlatforms, change.name);
        break;
      case 'artifact':
        this.#putArtifact(change.lease, change.record);
        break;
      case 'cache':
        this.#set(this.caches, JSON.stringify([change.record.project, change.record.key]), { ...change.record });
        break;
      case 'drop-cache':
        this.#delete(this.caches, JSON.stringify([change.project, change.key]));
        break;
      case 'upload':
        this.#set(this.uploads, change.record.id, asJson(change.record));
        break;
      case 'drop-upload':
        this.#delete(this.uploads, change.id);
        break;
      case 'forget-job':
        this.#forgetJob(change.id);
        break;
      case 'drop-forgotten':
        break;
    }
  }

  #addJob(record: JobRecord): void {
    if (this.jobs.has(record.id)) throw refused(`There is a job ${record.id} already`);
    const job = { ...record, job: asJson(record.job) };
    this.#set(this.jobs, record.id, { key: ++this.#lastKey, record: job, attempts: new Map() });
  }

  #setJobState(id: string, state: JobState): void {
    const job = this.#job(id);
    const before = job.record;
    job.record = { ...before, ...state };
    this.#undo.push(() => {
      job.record = before;
    });
  }

  #putAttempt(given: AttemptRecord): void {
    const { jobId, attempt, lease, endedAt } = given;
    const { attempts } = this.#job(jobId);
    if (lease < 1 || lease > MAX_LEASE) throw refused(`${lease} is not a lease`);
    const kept = attempts.get(attempt);
    const holder = this.#leases.get(lease);
    if (holder !== kept) throw refused(`Lease ${lease} is not that of attempt ${attempt} of job ${jobId}`);
    const live = [...attempts.values()].find(({ record }) => record.endedAt === null && record.attempt !== attempt);
    if (endedAt === null && live) throw refused(`Attempt ${live.record.attempt} of job ${jobId} has a live lease`);
    const record = { ...given, error: asJson(given.error), progress: asJson(given.progress), result: asJson(given.result) };
    if (!kept && lease <= this.#lastForgotten) throw refused(`Lease ${lease} of job ${jobId} may have been that of a forgotten job`);
    if (kept) {
      const before = kept.record;
      kept.record = record;
      this.#undo.push(() => {
        kept.record = before;
      });
      return;
    }
    const added: KeptAttempt = { record, commands: new Map(), events: [], artifacts: new Map() };
    const lastLease = this.lastLease;
    this.#set(attempts, attempt, added);
    this.#set(this.#leases, lease, added);
    this.lastLease = Math.max(lastLease, lease);
    this.#undo.push(() => {
      this.lastLease = lastLease;
    });
  }

  #addEvents({ record, events }: KeptAttempt, added: readonly StoredEvent[]): void {
    const count = events.length;
    this.#undo.push(() => {
      events.length = count;
    });
    for (const event of added) {
      if (event.seq !== events.length) throw refused(`The next event of lease ${record.lease} is ${events.length}, not ${event.seq}`);
      const output = event.output && { ...event.output, bytes: event.output.bytes.slice() };
      events.push({ ...event, args: asJson(event.args), output });
    }
  }

  #addRun(run: ScheduleRunRecord): void {
    const { schedule } = run;
    if (!this.schedules.has(schedule)) throw refused(`There is no schedule ${schedule}`);
    const runs = [...this.scheduleRuns, { ...run }];
    const old = new Set(runs.filter((each) => each.schedule === schedule).slice(0, -SCHEDULE_RESULTS));
    this.#setRuns(runs.filter((each) => !old.has(each)));
  }

  #setRuns(runs: readonly ScheduleRunRecord[]): void {
    const before = this.scheduleRuns;
    this.scheduleRuns = runs;
    this.#undo.push(() => {
      this.scheduleRuns = before;
    });
  }

  #putArtifact(lease: number, record: ArtifactRecord): void {
    const { jobId, attempt, path } = record;
    const kept = this.jobs.get(jobId)?.attempts.get(attempt);
    if (kept?.record.lease !== lease || kept.record.endedAt !== null)
      throw new SkepError('LEASE_ENDED', `Lease ${lease} of job ${jobId}, attempt ${attempt}, has ended`);
    this.#set(kept.artifacts, path, { ...record });
  }

  #forgetJob(id: string): void {
    const job = this.jobs.get(id);
    if (!job) return;
    if (job.record.status !== 'done') throw refused(`Job ${id} is not done`);
    for (const { record } of [...this.jobs.values()]) if (record.parent === id) this.#forgetJob(record.id);
    const lastForgotten = this.#lastForgotten;
    this.#undo.push(() => {
      this.#lastForgotten = lastForgotten;
    });
    for (const { record } of job.attempts.values()) {
      this.#delete(this.#leases, record.lease);
      this.#lastForgotten = Math.max(this.#lastForgotten, record.lease);
    }
    this.#delete(this.jobs, id);
  }

  #job(id: string): KeptJob {
    const job = this.jobs.get(id);
    if (!job) throw refused(`There is no job ${id}`);
    return job;
  }

  /** An attempt that no other came after. Cursors run through all attempts: what is added to an earlier one would move all that follow. */
  #latest(jobId: string, attempt: number): KeptAttempt {
    const { attempts } = this.#job(jobId);
    const found = attempts.get(attempt);
    if (!found) throw refused(`There is no attempt ${attempt} of job ${jobId}`);
    if (Math.max(...attempts.keys()) !== attempt) throw refused(`Attempt ${attempt} of job ${jobId} is not the latest`);
    return found;
  }

  #set<K, V>(map: Map<K, V>, key: K, value: V): void {
    const before = map.get(key);
    map.set(key, value);
    this.#undo.push(() => {
      if (before === undefined) map.delete(key);
      else map.set(key, before);
    });
  }

  #delete<K, V>(map: Map<K, V>, key: K): void {
    const before = map.get(key);
    if (before === undefined) return;
    map.delete(key);
    this.#undo.push(() => map.set(key, before));
  }
}

const refused = (message: string): SkepError => new SkepError('STORE_FAILED', message);

/** A copy, as JSON has it: what other stores would give back. */
const asJson = <T>(value: T): T =>
  value === null || typeof value !== 'object' ? (value ?? (null as T)) : JSON.parse(JSON.stringify(value));
