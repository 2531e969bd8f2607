import { createHash } from 'node:crypto';
import { SkepError } from '@skep/protocol';
import { EndedSeries } from '../EndedSeries.js';
import type { AttemptRecord, CommandRecord, JobRecord, JobRow, StoredEvent } from '../records.js';
import type { Change, CommandSnapshot, EventRun, JobFilter, JobSnapshot, Store, UnfinishedJob } from '../Store.js';
import { type EventPlaces, seqAtByte, seqAtLine } from '../seqAt.js';
import { artifactReadsOf } from './artifacts.js';
import { endedWithin, runsOf } from './history.js';
import { pageOf, toRow } from './pageOf.js';
import { type KeptAttempt, type KeptJob, StoreMemory } from './StoreMemory.js';
import { tallyOf } from './tallyOf.js';

/** About what an event takes up beside its output. */
const EVENT_BYTES = 128;

/**
 * A store that keeps all in memory, for tests and trials: what it holds ends with the process. It waits for nothing and
 * takes no time of its own, so that the same calls always settle in the same order. What it gives is its own: it must
 * not be changed below its first level.
 * @param memory what an earlier store kept; without it the store is empty
 */
export function createMemoryStore(memory = new StoreMemory()): Store {
  return new MemoryStore(memory);
}

type ArtifactReads = ReturnType<typeof artifactReadsOf>;

class MemoryStore implements Store {
  readonly #memory: StoreMemory;
  readonly #ended = new EndedSeries<unknown>();
  #isClosed = false;
  readonly artifacts: ArtifactReads['artifacts'];
  readonly countArtifacts: ArtifactReads['countArtifacts'];
  readonly artifact: ArtifactReads['artifact'];
  readonly artifactPage: ArtifactReads['artifactPage'];
  readonly latestArtifact: ArtifactReads['latestArtifact'];
  readonly cache: ArtifactReads['cache'];
  readonly caches: ArtifactReads['caches'];
  readonly uploads: ArtifactReads['uploads'];
  readonly referenced: ArtifactReads['referenced'];
  readonly doneJobs: ArtifactReads['doneJobs'];
  readonly hasForgotten: ArtifactReads['hasForgotten'];

  constructor(memory: StoreMemory) {
    this.#memory = memory;
    const reads = artifactReadsOf(() => this.#open());
    this.artifacts = reads.artifacts;
    this.countArtifacts = reads.countArtifacts;
    this.artifact = reads.artifact;
    this.artifactPage = reads.artifactPage;
    this.latestArtifact = reads.latestArtifact;
    this.cache = reads.cache;
    this.caches = reads.caches;
    this.uploads = reads.uploads;
    this.referenced = reads.referenced;
    this.doneJobs = reads.doneJobs;
    this.hasForgotten = reads.hasForgotten;
  }

  async commit(changes: Change[], series?: number): Promise<void> {
    const memory = this.#open();
    const before = this.#ended.failureOf(series);
    if (before !== undefined) throw before;
    try {
      memory.apply(changes);
    } catch (error) {
      this.#ended.add(series, error);
      throw error;
    }
  }

  mayHave(id: string): boolean {
    return this.#open().jobs.has(id);
  }

  async job(id: string): Promise<JobRecord | undefined> {
    const job = this.#open().jobs.get(id);
    return job && { ...job.record };
  }

  async children(id: string): Promise<JobRow[]> {
    return [...this.#open().jobs.values()].filter(({ record }) => record.parent === id).map(toRow);
  }

  async unfinished(): Promise<UnfinishedJob[]> {
    const jobs = [...this.#open().jobs.values()].filter(({ record }) => record.status !== 'done');
    return jobs.map((job) => {
      const latest = latestOf(job);
      return { job: { ...job.record }, attempt: latest ? { ...latest.record } : null, commands: commandsOf(latest) };
    });
  }

  async jobs(filter: JobFilter): ReturnType<Store['jobs']> {
    return pageOf(this.#open().jobs.values(), filter);
  }

  async tally(...[filter, by, among]: Parameters<Store['tally']>): ReturnType<Store['tally']> {
    return tallyOf(this.#open().jobs.values(), filter, by, among);
  }

  async projects(after: string, limit: number): Promise<string[]> {
    const names = new Set([...this.#open().jobs.values()].flatMap(({ record: { project } }) => (project === null ? [] : [project])));
    return [...names]
      .sort()
      .filter((name) => name > after)
      .slice(0, limit);
  }

  async snapshot(id: string, outputBytes: number): Promise<JobSnapshot | undefined> {
    const job = this.#open().jobs.get(id);
    if (!job) return undefined;
    const latest = latestOf(job);
    const commands = commandsOf(latest).map((command) => withOutput(command, latest?.events ?? [], outputBytes));
    return { job: { ...job.record }, attempts: [...job.attempts.values()].map(({ record }) => ({ ...record })), commands };
  }

  async attempts(id: string): Promise<AttemptRecord[]> {
    const job = this.#open().jobs.get(id);
    return job ? [...job.attempts.values()].map(({ record }) => ({ ...record })) : [];
  }

  async commands(id: string, attempt: number): Promise<CommandRecord[]> {
    return commandsOf(this.#attempt(id, attempt));
  }

  async events(id: string, cursor: number, maxBytes: number): Promise<EventRun> {
    const attempts = [...(this.#open().jobs.get(id)?.attempts.values() ?? [])];
    const found = attempts.findLast(({ record }) => record.firstCursor <= cursor);
    if (!found) return { attempt: 0, cursor, events: [] };
    const events: StoredEvent[] = [];
    let bytes = 0;
    for (let seq = cursor - found.record.firstCursor; seq < found.events.length; seq++) {
      const event = found.events[seq] as StoredEvent;
      bytes += weightOf(event);
      if (bytes > maxBytes && events.length > 0) break;
      events.push({ ...event });
    }
    return { attempt: found.record.attempt, cursor, events };
  }

  async seqAt(id: string, attempt: number, place: { byte: number } | { line: number }): Promise<number> {
    const found = this.#attempt(id, attempt);
    if (!found) return 0;
    const { lease } = found.record;
    return 'byte' in place ? seqAtByte(placesOf(found), lease, place.byte) : seqAtLine(placesOf(found), lease, place.line);
  }

  async outputSha256(id: string, attempt: number): Promise<string> {
    const hash = createHash('sha256');
    for (const { output } of this.#attempt(id, attempt)?.events ?? []) if (output) hash.update(output.bytes);
    return hash.digest('hex');
  }

  async runs(runKey: string, limit: number): ReturnType<Store['runs']> {
    return runsOf(this.#open().jobs.values(), runKey, limit);
  }

  async ended(from: number, to: number): ReturnType<Store['ended']> {
    return endedWithin(this.#open().jobs.values(), from, to);
  }

  async lastLease(): Promise<number> {
    return this.#open().lastLease;
  }

  async drones(): ReturnType<Store['drones']> {
    return sorted(this.#open().drones);
  }

  async tokens(): ReturnType<Store['tokens']> {
    return sorted(this.#open().tokens);
  }

  async views(): ReturnType<Store['views']> {
    return sorted(this.#open().views);
  }

  async schedules(): ReturnType<Store['schedules']> {
    return sorted(this.#open().schedules);
  }

  async scheduleRuns(): ReturnType<Store['scheduleRuns']> {
    const { scheduleRuns, jobs } = this.#open();
    return scheduleRuns.map((run) => {
      const job = jobs.get(run.jobId ?? '')?.record;
      return { ...run, status: job?.status ?? null, outcome: job?.outcome ?? null, finishedAt: job?.finishedAt ?? null };
    });
  }

  async templates(): ReturnType<Store['templates']> {
    return sorted(this.#open().templates);
  }

  async droppedPlatforms(): ReturnType<Store['droppedPlatforms']> {
    return sorted(this.#open().droppedPlatforms);
  }

  async size(): Promise<number> {
    let bytes = 0;
    for (const { attempts } of this.#open().jobs.values())
      for (const { events } of attempts.values()) for (const event of events) bytes += EVENT_BYTES + weightOf(event);
    return bytes;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  #open(): StoreMemory {
    if (this.#isClosed) throw new SkepError('STORE_FAILED', 'The store is closed');
    return this.#memory;
  }

  #attempt(id: string, attempt: number): KeptAttempt | undefined {
    return this.#open().jobs.get(id)?.attempts.get(attempt);
  }
}

const latestOf = ({ attempts }: KeptJob): KeptAttempt | undefined => [...attempts.values()].at(-1);

const commandsOf = (attempt: KeptAttempt | undefined): CommandRecord[] =>
  [...(attempt?.commands.values() ?? [])].sort((a, b) => a.num - b.num).map((command) => ({ ...command }));

const sorted = <T>(map: ReadonlyMap<string, T>): T[] => [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => ({ ...value }));

const weightOf = ({ args, output }: StoredEvent): number => JSON.stringify(args).length + (output?.bytes.length ?? 0);

function withOutput(command: CommandRecord, events: readonly StoredEvent[], maxBytes: number): CommandSnapshot {
  const out = newestOf(events, command.num, 'stdout', maxBytes);
  const err = newestOf(events, command.num, 'stderr', maxBytes);
  return { ...command, out, err, outFrom: command.outBytes - out.length, errFrom: command.errBytes - err.length };
}

/** The newest bytes that a command wrote to one of its streams. */
function newestOf(events: readonly StoredEvent[], command: number, stream: string, maxBytes: number): Uint8Array {
  const outputs = events.flatMap(({ output }) => (output?.command === command && output.stream === stream ? [output.bytes] : []));
  const all = Buffer.concat(outputs);
  return new Uint8Array(all.subarray(Math.max(0, all.length - maxBytes)));
}

function placesOf({ events }: KeptAttempt): EventPlaces {
  const bytesOf = (seq: number): Uint8Array => events[seq]?.output?.bytes ?? new Uint8Array();
  return {
    countEvents: () => events.length,
    placeOf: (_, seq) => ({ ...(events[seq] as StoredEvent), bytes: bytesOf(seq).length }),
    outputOf: (_, seq) => bytesOf(seq),
  };
}
