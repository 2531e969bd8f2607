import { SkepError } from '@skep/protocol';
import { type Change, createMemoryStore, type Store, type StoreMemory } from '@skep/store';
import type { VirtualTime } from './VirtualTime.js';

/** The disk under the store: what rests on it outlives any queen. */
export interface Disk {
  readonly memory: StoreMemory;
  /** How long a commit or a read takes, in ms. */
  latency: () => number;
  isFull: boolean;
  /** How many of the next commits fail, one by one. */
  failures: number;
  /** Told of all that became durable. */
  onWritten: (changes: readonly Change[]) => void;
  /** Told of a commit that the store refused although nothing had failed before it. */
  onRefused: (changes: readonly Change[], error: unknown) => void;
}

interface Call {
  readonly changes: Change[];
  readonly series: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

type Reads = Omit<Store, 'commit' | 'close'>;

/** The store as one queen has it: commits take time, may fail, and are lost on the way if the queen dies. */
export class SimStore implements Store {
  readonly #reads: Reads;
  readonly #waiting: Call[] = [];
  #lastAt = 0;
  #toldAt = 0;
  /** The last series that is over, and why. */
  #ended = -1;
  #failure: unknown;
  #isDead = false;

  constructor(
    private readonly disk: Disk,
    private readonly time: VirtualTime,
  ) {
    this.#reads = createMemoryStore(disk.memory);
  }

  commit(changes: Change[], series = Number.POSITIVE_INFINITY): Promise<void> {
    return new Promise((resolve, reject) => {
      const call: Call = { changes: changes.map(copyOf), series, resolve, reject };
      this.#waiting.push(call);
      this.#lastAt = Math.max(this.#lastAt, this.time.now + this.disk.latency());
      this.time.at(this.#lastAt, () => this.#write(call));
    });
  }

  /** The queen is killed: what is not written never will be, and nobody hears of what is. */
  kill(): void {
    this.#isDead = true;
  }

  async close(): Promise<void> {
    for (const call of [...this.#waiting]) this.#write(call);
    this.kill();
  }

  /** Some ids look known that are not. */
  mayHave = (id: string): boolean =>
    this.#reads.mayHave(id) || this.#waiting.some(({ changes }) => bringsJob(changes, id)) || /[37]/.test(id);
  job = (...args: Parameters<Store['job']>) => this.#read(() => this.#reads.job(...args));
  children: Store['children'] = (...args) => this.#read(() => this.#reads.children(...args));
  unfinished = () => this.#read(() => this.#reads.unfinished());
  jobs = (...args: Parameters<Store['jobs']>) => this.#read(() => this.#reads.jobs(...args));
  tally = (...args: Parameters<Store['tally']>) => this.#read(() => this.#reads.tally(...args));
  projects = (...args: Parameters<Store['projects']>) => this.#read(() => this.#reads.projects(...args));
  snapshot = (...args: Parameters<Store['snapshot']>) => this.#read(() => this.#reads.snapshot(...args));
  attempts = (...args: Parameters<Store['attempts']>) => this.#read(() => this.#reads.attempts(...args));
  commands = (...args: Parameters<Store['commands']>) => this.#read(() => this.#reads.commands(...args));
  events = (...args: Parameters<Store['events']>) => this.#read(() => this.#reads.events(...args));
  seqAt = (...args: Parameters<Store['seqAt']>) => this.#read(() => this.#reads.seqAt(...args));
  outputSha256 = (...args: Parameters<Store['outputSha256']>) => this.#read(() => this.#reads.outputSha256(...args));
  lastLease = () => this.#read(() => this.#reads.lastLease());
  drones = () => this.#read(() => this.#reads.drones());
  tokens = () => this.#read(() => this.#reads.tokens());
  runs = (...args: Parameters<Store['runs']>) => this.#read(() => this.#reads.runs(...args));
  ended = (...args: Parameters<Store['ended']>) => this.#read(() => this.#reads.ended(...args));
  views = () => this.#read(() => this.#reads.views());
  schedules = () => this.#read(() => this.#reads.schedules());
  scheduleRuns = () => this.#read(() => this.#reads.scheduleRuns());
  templates = () => this.#read(() => this.#reads.templates());
  droppedPlatforms = () => this.#read(() => this.#reads.droppedPlatforms());
  artifacts: Store['artifacts'] = (...args) => this.#read(() => this.#reads.artifacts(...args));
  countArtifacts: Store['countArtifacts'] = (...args) => this.#read(() => this.#reads.countArtifacts(...args));
  artifact: Store['artifact'] = (...args) => this.#read(() => this.#reads.artifact(...args));
  artifactPage: Store['artifactPage'] = (...args) => this.#read(() => this.#reads.artifactPage(...args));
  latestArtifact: Store['latestArtifact'] = (...args) => this.#read(() => this.#reads.latestArtifact(...args));
  cache: Store['cache'] = (...args) => this.#read(() => this.#reads.cache(...args));
  caches: Store['caches'] = (...args) => this.#read(() => this.#reads.caches(...args));
  uploads: Store['uploads'] = (...args) => this.#read(() => this.#reads.uploads(...args));
  referenced: Store['referenced'] = (...args) => this.#read(() => this.#reads.referenced(...args));
  doneJobs: Store['doneJobs'] = (...args) => this.#read(() => this.#reads.doneJobs(...args));
  hasForgotten = () => this.#read(() => this.#reads.hasForgotten());
  size = () => this.#read(() => this.#reads.size());

  #read<T>(ask: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.time.after(this.disk.latency(), () => {
        if (!this.#isDead) ask().then(resolve, reject);
      });
    });
  }

  #write(call: Call): void {
    if (this.#isDead || this.#waiting[0] !== call) return;
    this.#waiting.shift();
    const { changes, series, resolve, reject } = call;
    const refusal = series <= this.#ended ? this.#failure : this.#refusalOf(call);
    if (refusal) {
      if (series > this.#ended && Number.isFinite(series)) [this.#ended, this.#failure] = [series, refusal];
      this.#later(() => reject(refusal));
      return;
    }
    this.disk.onWritten(changes);
    this.#later(resolve);
  }

  /** Carries out a call. @returns why the store refused it, if so */
  #refusalOf({ changes }: Call): unknown {
    if (this.disk.isFull) return new SkepError('STORE_FULL');
    if (this.disk.failures > 0) {
      this.disk.failures -= 1;
      return new SkepError('STORE_FAILED');
    }
    try {
      this.disk.memory.apply(changes);
    } catch (error) {
      this.disk.onRefused(changes, error);
      return error;
    }
    return undefined;
  }

  /** Whoever waits hears of it a little later, in order: in between a queen can be killed. */
  #later(tell: () => void): void {
    this.#toldAt = Math.max(this.#toldAt, this.time.now + this.disk.latency() / 2);
    this.time.at(this.#toldAt, () => {
      if (!this.#isDead) tell();
    });
  }
}

const bringsJob = (changes: readonly Change[], id: string): boolean =>
  changes.some((change) => change.type === 'job' && change.record.id === id);

/** What the caller changes afterwards stays out of it. */
function copyOf(change: Change): Change {
  switch (change.type) {
    case 'events':
      return { ...change, events: change.events.map((event) => ({ ...event })) };
    case 'job-state':
      return { ...change, state: { ...change.state } };
    case 'forget-drone':
    case 'drop-token':
    case 'drop-view':
    case 'drop-schedule':
    case 'drop-template':
    case 'restore-platform':
    case 'drop-cache':
    case 'drop-upload':
    case 'forget-job':
    case 'drop-forgotten':
      return { ...change };
    default:
      return { ...change, record: { ...change.record } } as Change;
  }
}
