import type { AssignedJob, AttemptEvent } from '@skep/protocol';
import type { FoundPlugin } from '../plugins/messages.js';

/** Why an attempt is ended before its end: the reason of its abort signal, and what `job:errored` then says. */
export interface AbortReason {
  /** 'cancelled', 'lease-ended', ... */
  readonly code: string;
  readonly message: string;
}

/** All that an attempt needs of the process that runs it. */
export interface AttemptContext {
  readonly job: AssignedJob;
  /**
   * Writes an event to the spool; durable there when it returns.
   * @throws the system error (ENOSPC and its like) if the disk takes no more
   */
  emit(event: AttemptEvent): void;
  /** Aborted with an AbortReason: the process tree is killed, `cleanup` still runs, then `job:errored` carries the reason. */
  readonly signal: AbortSignal;
  /** Aborted when the drone is about to leave and waits for this attempt. */
  readonly draining: AbortSignal;
  /** This process is good for no other attempt. */
  spent(): void;
  /** Unix ms by the queen's clock. */
  now(): number;
  /** The drone's data folder: repos/ (mirrors), work/ (workspaces), tmp/. */
  readonly dataDir: string;
  readonly drone: {
    readonly name: string;
    /** The queen's address. */
    readonly queen: string;
    /** Names of the drone's own variables that commands may see. */
    readonly passEnv: readonly string[];
    /** Milliseconds between SIGTERM and SIGKILL. */
    readonly graceMs: number;
    /** Bytes of output that an attempt may tell; of more than that, head and tail are kept. */
    readonly maxOutput: number;
    /** The script that executors run. */
    readonly entry: string;
    /** The drone's plugins. */
    readonly plugins: readonly FoundPlugin[];
    /** Milliseconds that a plugin may neither end, nor run a command, nor say anything. */
    readonly pluginTimeoutMs: number;
    /** The modules with its handlers. */
    readonly handlerFiles: readonly string[];
  };
}
