import type { Labels } from '@skep/protocol';
import type { Logger } from 'pino';
import type { ExecutorLimits } from './supervisor/wornBy.js';
import type { Handler } from './tasks/defineHandler.js';
import type { AnyHandler } from './tasks/HandlerSet.js';

/** The floor of free disk, unless the options say otherwise. */
export const MIN_FREE_BYTES = 1024 ** 3;
/** How long a plugin may be silent, unless the options say otherwise. */
export const PLUGIN_TIMEOUT_MS = 5 * 60_000;

export interface DroneOptions {
  /** The queen's address, such as `http://127.0.0.1:7874`. */
  readonly queen: string;
  /** Its own folder: spools, workspaces, its id. One drone at a time. */
  readonly dataDir: string;
  /** For people; its id if absent. */
  readonly name?: string | undefined;
  /** Higher is faster. */
  readonly speed: number;
  /** How many attempts it runs at once. */
  readonly capacity: number;
  readonly labels?: Labels;
  /** What its machine is, for jobs that require it; such as `linux x64` if absent. */
  readonly platform?: string | undefined;
  /**
   * Where its plugins are: files, folders, or npm packages that are installed for the working directory. They are loaded
   * in processes of their own, never in this one.
   */
  readonly plugins?: readonly string[];
  /** Milliseconds that a plugin may neither end what it does, nor run a command, nor say anything; 5 min if absent. */
  readonly pluginTimeoutMs?: number;
  /** Tasks that this very process performs: functions by the `job_type` that names them, or what `defineHandler` and `compose` return. */
  readonly handlers?: Readonly<Record<string, Handler>> | readonly AnyHandler[];
  /**
   * Modules of TypeScript or JavaScript that export handlers, which executors perform, beside `ping`, `fetch` and `targz`.
   * None of them are there if this is absent. Handlers of this process come before those of the same name.
   */
  readonly handlerFiles?: readonly string[];
  readonly token?: string | undefined;
  readonly log?: Logger;
  /** The script of an executor process; our own if absent. */
  readonly executorEntry?: string | URL;
  /** Names of variables of this process that commands may see. */
  readonly passEnv?: readonly string[];
  /** Milliseconds between SIGTERM and SIGKILL; 10 s if absent. */
  readonly graceMs?: number;
  /**
   * Bytes of output of one attempt; 1 GiB if absent. Of more than that, head and tail are kept, with a line
   * `[skep: N bytes of output left out here: over the limit of M]` between them, and the attempt goes on. Not more than the
   * queen's own `maxOutput`, which ends an attempt.
   */
  readonly maxOutput?: number;
  /**
   * Bytes that must be free on the disk of the data folder; 1 GiB if absent, 0: no floor. Below it the drone takes no jobs
   * and says so to the queen; it takes them again when a tenth more than that is free.
   */
  readonly minFreeBytes?: number;
  /** When an executor is replaced by a fresh one, between two attempts: at an age of 24 h, after 1000 attempts, or above 512 MiB of memory. */
  readonly executorLimits?: Partial<ExecutorLimits>;
}
