import { type DroneInfo, type DroneState, type DroneSummary, isTask, type Job } from '@skep/protocol';
import type { FleetDrone } from '@skep/scheduler';
import type { DroneRecord, DroppedPlatformRecord } from '@skep/store';
import type { DroneLink } from '../ports.js';
import type { Core } from './core.js';
import type { Ending } from './outcomeOf.js';

/** Attempts in a row that end errored before a drone is quarantined. */
const STRIKES = 3;
const QUARANTINE_MS = 10_000;
/** Reasons that would be the same on any drone, so they say nothing of this one. */
const jobsOwnFaults = new Set(['nothing-to-run', 'unknown-plugin', 'plugin-config', 'plugin-failed', 'plugin-timeout', 'plugin-left-open']);
/** Of a task, only these say something of the drone. */
const dronesFaults = new Set(['executor-died', 'executor-failed', 'drone-failed', 'disk-full', 'spool-failed']);
const LONGEST_QUARANTINE_MS = 3_600_000;

/** That a platform is dropped, and why, in words. */
export const droppedWords = ({ name, reason }: DroppedPlatformRecord): string =>
  `platform ${name} is dropped${reason === null ? '' : `: ${reason}`}`;

/** A drone that is known: connected, gone for a moment, or away. */
export class LiveDrone {
  /** Its connection; null while it is gone. */
  link: DroneLink | null = null;
  /** Whether it may be given jobs: a packed drone only after it has said what it holds. */
  ready = false;
  /** Whether watchers were told that it joined and not yet that it died. */
  joined = false;
  /** The jobs whose leases it holds. */
  readonly attempts = new Set<string>();
  /** What its handlers take, by its own word. */
  inputs: NonNullable<DroneInfo['inputs']> = {};
  /** Why it takes no new jobs, by its own word; null if it does. */
  ownReason: string | null = null;
  /** Set while its platform is dropped. */
  dropped: DroppedPlatformRecord | undefined;
  #strikes = 0;
  #quarantineMs = QUARANTINE_MS;
  quarantinedUntil: number | null = null;
  #endQuarantine: (() => void) | undefined;
  #giveUp: (() => void) | undefined;

  constructor(public record: DroneRecord) {}

  get id(): string {
    return this.record.id;
  }

  /** Takes over what the drone says of itself. Whether anything is new in it. */
  update(info: DroneInfo, nowMs: number): boolean {
    const ownReason = info.draining ? (info.reason ?? 'it is about to leave') : null;
    const record: DroneRecord = {
      ...this.record,
      name: info.name ?? this.id,
      speed: info.speed,
      capacity: info.capacity,
      labels: info.labels ?? {},
      plugins: info.plugins ?? [],
      handlers: info.handlers ?? [],
      platform: info.platform ?? null,
      version: info.version ?? null,
      seenAt: nowMs,
    };
    const before = JSON.stringify([{ ...this.record, seenAt: 0 }, this.ownReason]);
    this.record = record;
    this.ownReason = ownReason;
    this.inputs = info.inputs ?? {};
    return before !== JSON.stringify([{ ...record, seenAt: 0 }, ownReason]);
  }

  /** Why it gets no new jobs although it is there; null if it does. */
  get closedReason(): string | null {
    if (this.quarantinedUntil !== null) return `quarantined: ${STRIKES} attempts in a row could not be run`;
    return this.record.drainReason ?? this.ownReason ?? (this.dropped ? droppedWords(this.dropped) : null);
  }

  /** The drone as the scheduler sees it. */
  toFleetDrone(): FleetDrone {
    const { id, name, speed, capacity, labels, plugins, handlers, platform } = this.record;
    return { id, name, speed, capacity, labels, plugins, handlers, platform, closed: this.closedReason !== null };
  }

  /**
   * Counts how an attempt ended; quarantines the drone after too many in a row that could not be run there. Whether it did
   * so now.
   */
  count(core: Core, job: Job, { outcome, reason }: Ending, onRelease: () => void): boolean {
    if (outcome === 'lost' || (reason !== null && jobsOwnFaults.has(reason))) return false;
    // Handlers have codes of their own.
    if (isTask(job) && outcome === 'errored' && !dronesFaults.has(reason ?? '')) return false;
    if (outcome !== 'errored') {
      this.#strikes = 0;
      this.#quarantineMs = QUARANTINE_MS;
      return false;
    }
    this.#strikes += 1;
    if (this.#strikes < STRIKES || this.quarantinedUntil !== null) return false;
    this.quarantinedUntil = core.clock.now() + this.#quarantineMs;
    this.#endQuarantine = core.clock.setTimer(() => {
      this.release();
      onRelease();
    }, this.#quarantineMs);
    this.#quarantineMs = Math.min(this.#quarantineMs * 2, LONGEST_QUARANTINE_MS);
    return true;
  }

  /** Ends a quarantine; the next errored attempt would begin a longer one. */
  release(): void {
    this.#endQuarantine?.();
    this.quarantinedUntil = null;
    this.#strikes = STRIKES - 1;
  }

  /** Has the drone given up after a while, unless `cancelGiveUp` comes first. */
  giveUpAfter(core: Core, afterMs: number, callback: () => void): void {
    this.cancelGiveUp();
    this.#giveUp = core.clock.setTimer(callback, afterMs);
  }

  cancelGiveUp(): void {
    this.#giveUp?.();
    this.#giveUp = undefined;
  }

  clearTimers(): void {
    this.cancelGiveUp();
    this.#endQuarantine?.();
  }

  get state(): DroneState {
    if (!this.link) return this.#giveUp ? 'lost' : 'offline';
    if (this.quarantinedUntil !== null) return 'quarantined';
    if (this.closedReason !== null) return 'draining';
    return this.attempts.size > 0 ? 'busy' : 'idle';
  }

  /** The drone as lists show it. */
  summary(core: Core): DroneSummary {
    const { id, name, speed, capacity, labels, plugins, handlers, platform, version, connectedAt, seenAt } = this.record;
    const reason = this.link ? this.closedReason : null;
    return {
      id,
      name,
      speed,
      capacity,
      labels,
      plugins,
      handlers,
      ...(platform !== null && { platform }),
      ...(version !== null && { version }),
      state: this.state,
      ...(reason !== null && { reason }),
      ...(this.dropped && { dropped: true }),
      running: [...this.attempts],
      waiting: core.fleet.load(id)?.waiting ?? 0,
      connectedAt: this.link ? connectedAt : null,
      seenAt,
    };
  }
}
