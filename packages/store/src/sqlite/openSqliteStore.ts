import { stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers';
import { SkepError } from '@skep/protocol';
import { EndedSeries } from '../EndedSeries.js';
import type {
  AttemptRecord,
  CommandRecord,
  DroneRecord,
  DroppedPlatformRecord,
  JobRecord,
  JobRow,
  ScheduleRecord,
  ScheduleRunRow,
  TemplateRecord,
  TokenRecord,
  ViewRecord,
} from '../records.js';
import type { Change, EventRun, JobFilter, JobSnapshot, Store, UnfinishedJob } from '../Store.js';
import { encodeChange } from './changes.js';
import { databaseFile } from './databaseFile.js';
import { KnownIds } from './KnownIds.js';
import type { EncodedCall, ReadRequest, WriteRequest } from './messages.js';
import { Packing } from './Packing.js';
import type { Answering, Question } from './reader.js';
import { StoreThread } from './StoreThread.js';
import { toStoreError } from './storeError.js';

export interface SqliteStoreOptions {
  /** The folder of the store, made if it is not there. */
  dataDir: string;
  /** The script of the store's threads, for programs that are bundled into one file. */
  threadEntry?: URL | string;
}

// Threads run only what is built: from src/ their script is its twin in dist/.
const ownThreadEntry = new URL(import.meta.url.endsWith('.ts') ? '../../dist/sqlite/thread.js' : './thread.js', import.meta.url);

/**
 * Opens the store in a folder, in `skep.sqlite`. All SQLite runs in two threads of its own, one that writes and one that
 * reads; the calling thread never waits for a disk.
 * @throws {SkepError} DATA_IN_USE, STORE_NEWER, STORE_FULL or STORE_FAILED
 */
export async function openSqliteStore({ dataDir, threadEntry = ownThreadEntry }: SqliteStoreOptions): Promise<Store> {
  const writer = await StoreThread.start(threadEntry, { role: 'writer', dataDir });
  try {
    return new SqliteStore(dataDir, writer, await StoreThread.start(threadEntry, { role: 'reader', dataDir }));
  } catch (error) {
    await writer.close();
    throw error;
  }
}

/** How many ids are learned at once: the reader answers others in between. */
const IDS = 1000;

class SqliteStore implements Store {
  readonly #dataDir: string;
  readonly #writer: StoreThread;
  readonly #reader: StoreThread;
  /** Calls of this turn of the event loop, not yet sent; undefined if there are none. */
  #gathered: { calls: EncodedCall[]; packing: Packing } | undefined;
  #closed: Promise<void> | undefined;
  readonly #ended = new EndedSeries<unknown>();
  readonly #knownIds = new KnownIds();
  /** Whether those are known that were there when it was opened. */
  #hasLearned = false;

  constructor(dataDir: string, writer: StoreThread, reader: StoreThread) {
    this.#dataDir = dataDir;
    this.#writer = writer;
    this.#reader = reader;
    // If that fails, each id is looked for in the database, as before.
    this.#learn().catch(() => undefined);
  }

  /** Learns which jobs there are, one part after another: there may be millions. */
  async #learn(): Promise<void> {
    for (let after = ''; ; ) {
      const ids = await this.#ask('jobIds', after, IDS);
      for (const id of ids) this.#knownIds.add(id);
      const last = ids.at(-1);
      if (last === undefined || ids.length < IDS) break;
      after = last;
    }
    this.#hasLearned = true;
  }

  mayHave(id: string): boolean {
    return !this.#hasLearned || this.#knownIds.mayHave(id);
  }

  async commit(changes: Change[], series?: number): Promise<void> {
    if (this.#closed) throw closedError();
    for (const change of changes) if (change.type === 'job') this.#knownIds.add(change.record.id);
    const { calls, packing } = this.#gather();
    const encoded = this.#encode(changes, packing, series);
    const { id, settled } = this.#writer.register<void>();
    calls.push({ id, changes: encoded, series });
    return settled;
  }

  /** What cannot be encoded never comes to the writer, so here it ends its series. */
  #encode(changes: readonly Change[], packing: Packing, series: number | undefined): EncodedCall['changes'] {
    const ended = this.#ended.failureOf(series);
    if (ended !== undefined) throw ended;
    try {
      return changes.map((change) => encodeChange(change, packing));
    } catch (error) {
      const failure = toStoreError(error);
      this.#ended.add(series, failure);
      throw failure;
    }
  }

  job = (id: string): Promise<JobRecord | undefined> => this.#ask('job', id);
  children: Store['children'] = (id) => this.#ask('children', id);
  unfinished = (): Promise<UnfinishedJob[]> => this.#ask('unfinished');
  jobs = (filter: JobFilter): Promise<{ jobs: JobRow[]; next: string | null }> => this.#ask('jobs', filter);
  tally: Store['tally'] = (filter, by, among) => this.#ask('tally', filter, by, among);
  projects: Store['projects'] = (...args) => this.#ask('projects', ...args);
  snapshot = (id: string, outputBytes: number): Promise<JobSnapshot | undefined> => this.#ask('snapshot', id, outputBytes);
  attempts = (id: string): Promise<AttemptRecord[]> => this.#ask('attempts', id);
  commands = (id: string, attempt: number): Promise<CommandRecord[]> => this.#ask('commands', id, attempt);
  events = (id: string, cursor: number, maxBytes: number): Promise<EventRun> => this.#ask('events', id, cursor, maxBytes);
  seqAt = (id: string, attempt: number, place: { byte: number } | { line: number }): Promise<number> =>
    this.#ask('seqAt', id, attempt, place);
  outputSha256 = (id: string, attempt: number): Promise<string> => this.#ask('outputSha256', id, attempt);
  runs: Store['runs'] = (runKey, limit) => this.#ask('runs', runKey, limit);
  ended: Store['ended'] = (from, to) => this.#ask('ended', from, to);
  lastLease = (): Promise<number> => this.#ask('lastLease');
  drones = (): Promise<DroneRecord[]> => this.#ask('drones');
  tokens = (): Promise<TokenRecord[]> => this.#ask('tokens');
  views = (): Promise<ViewRecord[]> => this.#ask('views');
  schedules = (): Promise<ScheduleRecord[]> => this.#ask('schedules');
  scheduleRuns = (): Promise<ScheduleRunRow[]> => this.#ask('scheduleRuns');
  templates = (): Promise<TemplateRecord[]> => this.#ask('templates');
  droppedPlatforms = (): Promise<DroppedPlatformRecord[]> => this.#ask('droppedPlatforms');
  artifacts: Store['artifacts'] = (...args) => this.#ask('artifacts', ...args);
  countArtifacts: Store['countArtifacts'] = (...args) => this.#ask('countArtifacts', ...args);
  artifact: Store['artifact'] = (...args) => this.#ask('artifact', ...args);
  artifactPage: Store['artifactPage'] = (...args) => this.#ask('artifactPage', ...args);
  latestArtifact: Store['latestArtifact'] = (...args) => this.#ask('latestArtifact', ...args);
  cache: Store['cache'] = (...args) => this.#ask('cache', ...args);
  caches: Store['caches'] = (...args) => this.#ask('caches', ...args);
  uploads: Store['uploads'] = (...args) => this.#ask('uploads', ...args);
  referenced: Store['referenced'] = (...args) => this.#ask('referenced', ...args);
  doneJobs: Store['doneJobs'] = (...args) => this.#ask('doneJobs', ...args);
  hasForgotten: Store['hasForgotten'] = (...args) => this.#ask('hasForgotten', ...args);

  async size(): Promise<number> {
    const file = databaseFile(this.#dataDir);
    const sizes = await Promise.all(
      [file, `${file}-wal`].map((each) =>
        stat(each).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    this.#send();
    // The writer last: with no reader left it can empty its log into the database.
    await this.#reader.close();
    await this.#writer.close();
  }

  /** Where this turn's calls gather; they are sent at its end, in one message. */
  #gather(): { calls: EncodedCall[]; packing: Packing } {
    if (!this.#gathered) {
      this.#gathered = { calls: [], packing: new Packing() };
      setImmediate(() => this.#send());
    }
    return this.#gathered;
  }

  #send(): void {
    if (!this.#gathered) return;
    const { calls, packing } = this.#gathered;
    this.#gathered = undefined;
    const memory = packing.packed();
    this.#writer.send({ calls, memory } satisfies WriteRequest, [memory.buffer]);
  }

  #ask<Q extends Question>(question: Q, ...args: Parameters<Answering[Q]>): ReturnType<Answering[Q]> {
    type Answer = Awaited<ReturnType<Answering[Q]>>;
    const ask = async (): Promise<Answer> => {
      if (this.#closed) throw closedError();
      const { id, settled } = this.#reader.register<Answer>();
      this.#reader.send({ id, question, args } satisfies ReadRequest);
      return settled;
    };
    return ask() as ReturnType<Answering[Q]>;
  }
}

const closedError = (): SkepError => new SkepError('STORE_FAILED', 'The store is closed');
