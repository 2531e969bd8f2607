import { randomBytes } from 'node:crypto';
import { arch, platform } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type AssignedJob, DroneInfo, GRACE_MS, isTask, jobTypeOf, Limits, parseAs, SkepError } from '@skep/protocol';
import { pino } from 'pino';
import { type DroneOptions, MIN_FREE_BYTES, PLUGIN_TIMEOUT_MS } from './DroneOptions.js';
import { type DataFolder, openDataFolder } from './dataFolder.js';
import { passedEnv } from './executor/commandEnv.js';
import { listPlugins } from './plugins/listPlugins.js';
import type { FoundPlugin } from './plugins/messages.js';
import { isDiskFull } from './spool/whenRoom.js';
import { BuildRuns } from './supervisor/BuildRuns.js';
import { systemClock } from './supervisor/Clock.js';
import { Deadlines } from './supervisor/Deadlines.js';
import { DiskWatch } from './supervisor/DiskWatch.js';
import { HandlerRun } from './supervisor/HandlerRun.js';
import { droneIdOf } from './supervisor/identity.js';
import { type DataLock, lockDataFolder } from './supervisor/lockDataFolder.js';
import { QueenLink } from './supervisor/QueenLink.js';
import { RefusedRun } from './supervisor/RefusedRun.js';
import type { Run, RunListener } from './supervisor/Run.js';
import { Supervisor } from './supervisor/Supervisor.js';
import { EXECUTOR_LIMITS } from './supervisor/wornBy.js';
import { handlerListOf } from './tasks/HandlerList.js';
import { type HandlerSet, handlerSetOf } from './tasks/HandlerSet.js';
import { listHandlers } from './tasks/listHandlers.js';
import { VERSION } from './version.js';
import { keepClean } from './workspace/keepClean.js';

/** How long a drone that leaves waits for the queen to confirm what has ended. */
const CONFIRM_MS = 10_000;

/** A drone: takes jobs from a queen, runs them, and reports every byte of them. */
export class Drone {
  /** What it says of itself, with its id and its name; its plugins and the handlers of executors once it has started. */
  readonly info: DroneInfo & { id: string; name: string };
  /** Settles when the drone has left; rejects with the SkepError that it could not start with, or for which the queen threw it out. Nobody has to wait for it. */
  readonly closed: Promise<void>;
  readonly #options: DroneOptions;
  readonly #folder: DataFolder;
  readonly #supervisor: Supervisor;
  readonly #builds: BuildRuns;
  readonly #disk: DiskWatch;
  readonly #registered: Promise<void>;
  readonly #plugins: FoundPlugin[] = [];
  readonly #handlers: HandlerSet;
  readonly #handlerFiles: readonly string[];
  /** What executors perform. */
  readonly #performed = new Set<string>();
  #draining = new AbortController();
  readonly #entry: string;
  #lock: DataLock | undefined;
  #stopCleaning: (() => void) | undefined;
  #isStopping = false;
  #isClosed = false;
  readonly #settle: { registered: () => void; neverRegistered: () => void; left: () => void; refused: (error: SkepError) => void };

  /** @throws {SkepError} INVALID_CONFIG if an option or the data folder cannot be used */
  constructor(options: DroneOptions) {
    this.#options = options;
    this.#folder = openDataFolder(options.dataDir);
    this.#handlers = handlerSetOf(options.handlers ?? {});
    this.#handlerFiles = (options.handlerFiles ?? []).map((file) => resolve(file));
    this.info = infoOf(options, this.#handlers, droneIdOf(this.#folder));
    const {
      queen,
      token,
      capacity,
      passEnv = [],
      graceMs = GRACE_MS,
      minFreeBytes = MIN_FREE_BYTES,
      maxOutput = Limits.shape.maxOutput.parse(undefined),
      pluginTimeoutMs = PLUGIN_TIMEOUT_MS,
      log = pino({ enabled: false }),
      executorEntry = ownExecutorEntry(),
    } = options;
    this.#entry = executorEntry instanceof URL ? fileURLToPath(executorEntry) : executorEntry;
    const clock = systemClock;
    const settle = {
      registered: (): void => {},
      neverRegistered: (): void => {},
      left: (): void => {},
      refused: (_: SkepError): void => {},
    };
    this.#registered = new Promise((resolve, reject) => {
      settle.registered = resolve;
      settle.refused = reject;
      settle.neverRegistered = () => reject(new SkepError('QUEEN_UNREACHABLE', `The drone left before ${queen} answered`));
    });
    this.closed = new Promise((resolve, reject) => {
      const { refused } = settle;
      settle.left = resolve;
      settle.refused = (error) => {
        refused(error);
        reject(error);
      };
    });
    for (const promise of [this.#registered, this.closed]) promise.catch(() => {});
    this.#settle = settle;

    this.#builds = new BuildRuns({
      folder: this.#folder,
      entry: this.#entry,
      capacity,
      clock,
      log,
      executorLimits: { ...EXECUTOR_LIMITS, ...options.executorLimits },
      drone: {
        name: this.info.name,
        queen: queen.replace(/\/+$/, ''),
        passEnv: [...passEnv],
        graceMs,
        maxOutput,
        entry: this.#entry,
        plugins: this.#plugins,
        pluginTimeoutMs,
        handlerFiles: [...this.#handlerFiles],
      },
    });
    const deadlines = new Deadlines(clock);
    this.#disk = new DiskWatch({
      folder: this.#folder.path,
      floorBytes: minFreeBytes,
      clock,
      changed: (why) => {
        if (why === undefined) log.info('there is room on the disk again');
        else log.warn({ why }, 'no jobs are taken');
        this.#supervisor.setNoRoom(why);
      },
    });
    const createRun = (job: AssignedJob, listener: RunListener): Run => {
      if (!this.#isForExecutor(job)) {
        const { signal: draining } = this.#draining;
        const options = { handlers: this.#handlers, draining, dataDir: this.#folder.path, log, clock, deadlines, graceMs, maxOutput };
        return new HandlerRun(job, options, listener);
      }
      try {
        return this.#builds.create(job, listener);
      } catch (error) {
        const code = isDiskFull(error) ? 'disk-full' : 'spool-failed';
        return new RefusedRun(job, { code, message: `The drone cannot spool: ${(error as Error).message}` }, listener);
      }
    };
    const session = randomBytes(12).toString('hex');
    this.#supervisor = new Supervisor({
      link: new QueenLink({ url: queen, id: this.info.id, session, token, clock }),
      clock,
      log,
      info: this.info,
      createRun,
      hasRoom: (job) => !this.#isForExecutor(job) || this.#disk.hasRoom(),
      registered: () => settle.registered(),
      refused: (error) => this.#close(error),
    });
  }

  /**
   * Finds its plugins and handlers, takes over what an earlier process on this data folder left, and connects. Settles when the queen has
   * registered it.
   * @throws {SkepError} INVALID_CONFIG if a plugin or a handler cannot be found or loaded; DATA_IN_USE; QUEEN_UNREACHABLE if it is told to leave before; or what the queen refuses it for: DRONE_REPLACED, UNAUTHENTICATED, FORBIDDEN, PROTOCOL_MISMATCH
   */
  async start(): Promise<void> {
    const lock = await lockDataFolder(this.#folder);
    if (this.#isClosed) {
      lock.release();
      return this.#registered;
    }
    this.#lock = lock;
    try {
      await this.#findPlugins();
      await this.#findHandlers();
    } catch (error) {
      this.#close(error as SkepError);
      throw error;
    }
    if (this.#isClosed) return this.#registered;
    await this.#builds.adopt((attempt, createRun, hasEnded) => this.#supervisor.adopt(attempt, createRun, hasEnded));
    if (this.#isClosed) return this.#registered;
    // Who brings handlers most often brings nothing else to do; the first build starts the first executor then.
    if (!this.#options.handlers) this.#builds.warm();
    this.#stopCleaning = keepClean(this.#folder.path, this.#options.log ?? pino({ enabled: false }));
    this.#disk.start();
    this.#supervisor.connect();
    await this.#registered;
  }

  async #findPlugins(): Promise<void> {
    const { plugins = [], passEnv = [] } = this.#options;
    this.#plugins.push(...(await listPlugins(plugins, { entry: this.#entry, cwd: process.cwd(), env: passedEnv(passEnv) })));
    this.info.plugins = this.#plugins.map(({ name }) => name);
  }

  async #findHandlers(): Promise<void> {
    if (!this.#options.handlerFiles) return;
    const { names, inputs } = await listHandlers(this.#handlerFiles, this.#entry);
    for (const name of names) if (!this.#handlers.has(name)) this.#performed.add(name);
    this.info.handlers = [...this.#handlers.names, ...this.#performed];
    for (const name of this.#performed) if (inputs[name]) this.info.inputs = { ...this.info.inputs, [name]: inputs[name] };
  }

  /** Builds, and tasks whose handlers are not ours. */
  #isForExecutor(job: AssignedJob): boolean {
    return !isTask(job) || this.#performed.has(jobTypeOf(job));
  }

  /** Takes no new jobs. Settles when nothing runs and the queen has confirmed all of it, or when it resumes. */
  async drain(): Promise<void> {
    this.#drain();
    await this.#until(() => this.#supervisor.counts.held === 0 || !this.#supervisor.isDraining);
  }

  /** Takes jobs again after `drain`; not after `stop`. */
  resume(): void {
    if (this.#isStopping) return;
    this.#draining = new AbortController();
    this.#builds.setDraining(false);
    this.#supervisor.resume();
  }

  /** Drains, lets the executors leave, and leaves. What the queen has not confirmed within 10 s stays in the spool for the next start. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#drain();
    await this.#until(() => this.#supervisor.counts.active === 0);
    const late = new AbortController();
    await Promise.race([
      this.#until(() => this.#supervisor.counts.held === 0),
      sleep(CONFIRM_MS, undefined, { signal: late.signal }).catch(() => {}),
    ]);
    late.abort();
    await this.#builds.retire();
    this.#close();
  }

  /** Leaves at once and lets the executors go on: the next drone on this data folder takes them over. Its own handlers are aborted. */
  async leave(): Promise<void> {
    this.#close();
  }

  /** Ends everything that runs, as if each job had been cancelled. */
  cancelAll(reason: string): void {
    this.#supervisor.cancelAll({ code: 'cancelled', message: reason });
  }

  #drain(): void {
    this.#supervisor.drain();
    this.#builds.setDraining(true);
    this.#draining.abort();
  }

  #until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!this.#isClosed && !isSo()) return;
        end();
        resolve();
      };
      const end = this.#supervisor.onProgress(check);
      check();
    });
  }

  #close(error?: SkepError): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#supervisor.close();
    this.#stopCleaning?.();
    this.#disk.stop();
    this.#lock?.release();
    if (error) {
      this.#builds.dismiss();
      this.#settle.refused(error);
    } else {
      this.#builds.release();
      this.#settle.left();
      this.#settle.neverRegistered();
    }
  }
}

function infoOf(options: DroneOptions, handlers: HandlerSet, id: string): DroneInfo & { id: string; name: string } {
  const { name = id, speed, capacity, labels = {}, platform: own = `${platform()} ${arch()}` } = options;
  const info = {
    id,
    name,
    speed,
    capacity,
    labels,
    plugins: [],
    handlers: handlers.names,
    inputs: handlerListOf(handlers).inputs,
    platform: own,
    version: VERSION,
  };
  return { ...parseAs(DroneInfo, info, 'The drone', 'INVALID_CONFIG'), id, name };
}

/** Executors are processes and cannot run TypeScript: when we run from src/, theirs is the built twin. */
const ownExecutorEntry = (): string =>
  fileURLToPath(new URL('./executor/main.js', import.meta.url)).replace(/([\\/])src([\\/]executor)/, '$1dist$2');
