import { statfsSync } from 'node:fs';
import { sizeText } from '@skep/pool';
import type { Clock } from './Clock.js';

/** How often the disk is looked at while no attempt makes us look. */
const CHECK_MS = 10_000;
/** So much more than the floor must be free before jobs are taken again, lest a drone at its floor comes and goes. */
const HYSTERESIS = 1.1;

export interface DiskWatchOptions {
  /** A folder on the disk that is watched. */
  readonly folder: string;
  /** Bytes; 0: there is no floor. */
  readonly floorBytes: number;
  readonly clock: Clock;
  /** Told whenever the disk falls below its floor, with words for it, and when there is room again. */
  readonly changed: (why: string | undefined) => void;
}

/** Watches that the disk has room for another attempt. */
export class DiskWatch {
  readonly #options: DiskWatchOptions;
  #isBelow = false;
  #cancel: (() => void) | undefined;

  constructor(options: DiskWatchOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#options.floorBytes === 0) return;
    this.hasRoom();
    this.#cancel = this.#options.clock.setTimeout(() => this.start(), CHECK_MS);
  }

  stop(): void {
    this.#cancel?.();
  }

  /** Looks now. */
  hasRoom(): boolean {
    const { folder, floorBytes, changed } = this.#options;
    if (floorBytes === 0) return true;
    const free = freeBytes(folder);
    const isBelow = free < floorBytes * (this.#isBelow ? HYSTERESIS : 1);
    if (isBelow !== this.#isBelow) changed(isBelow ? `disk: ${sizeText(free)} free, floor ${sizeText(floorBytes)}` : undefined);
    this.#isBelow = isBelow;
    return !isBelow;
  }
}

/** 0 where it cannot be told: no attempt could write to that disk either. */
function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}
