import type { RequirementClass } from './RequirementClass.js';
import type { JobGroup } from './types.js';
import type { Waiter } from './Waiter.js';
import { WaitingLine } from './WaitingLine.js';

/** Jobs of one group with the same requirements that wait. The first of them, as many as the group has room for, are in line. */
interface Part {
  readonly jobs: WaitingLine<Waiter>;
  inLine: number;
}

/** What a change of a group has done to the lines: jobs that may go out now, and jobs that may not any more. */
export interface Moves {
  readonly enter: Waiter[];
  readonly leave: Waiter[];
}

/**
 * Jobs of which no more than a limit run at once. Those that there is no room for stand in no line, so however many they
 * are, nobody looks at them until there is: a change costs a logarithm for each different requirement among them.
 */
export class Group {
  readonly #parts = new Map<RequirementClass, Part>();
  /** How many of its jobs, waiting and running, name each limit. */
  readonly #limits = new Map<number, number>();
  #limit = Number.POSITIVE_INFINITY;
  #running = 0;

  get isEmpty(): boolean {
    return this.#limits.size === 0;
  }

  /** Whether a job that waits is in line: fewer jobs of its group and requirements come before it than there is room for. */
  hasInLine(waiter: Waiter): boolean {
    const part = this.#parts.get(waiter.requirementClass);
    return part !== undefined && part.jobs.countBefore(waiter) < part.inLine;
  }

  /** Adds a job that waits; it is in no line before. */
  add(waiter: Waiter, { limit }: JobGroup): Moves {
    const { requirementClass } = waiter;
    const part = this.#parts.get(requirementClass) ?? { jobs: new WaitingLine<Waiter>(), inLine: 0 };
    this.#parts.set(requirementClass, part);
    requirementClass.grouped += 1;
    part.jobs.add(waiter);
    this.#count(limit, 1);
    // One that comes before another that is in line takes its place there.
    const isFirst = part.jobs.countBefore(waiter) < part.inLine;
    if (isFirst) part.inLine += 1;
    const moves = this.#settle();
    const place = moves.leave.indexOf(waiter);
    if (place >= 0) moves.leave.splice(place, 1);
    else if (isFirst) moves.enter.push(waiter);
    return moves;
  }

  /** Removes a job that waits; the caller has taken it out of its line. */
  remove(waiter: Waiter, { limit }: JobGroup): Moves {
    this.#takeOut(waiter);
    this.#count(limit, -1);
    return this.#settle();
  }

  /** A job that was in line has begun to run. */
  start(waiter: Waiter): Moves {
    this.#takeOut(waiter);
    this.#running += 1;
    return this.#settle();
  }

  /** A job runs that did not wait here. */
  hold({ limit }: JobGroup): Moves {
    this.#count(limit, 1);
    this.#running += 1;
    return this.#settle();
  }

  /** A job runs no more. */
  release({ limit }: JobGroup): Moves {
    this.#count(limit, -1);
    this.#running -= 1;
    return this.#settle();
  }

  #takeOut(waiter: Waiter): void {
    const { requirementClass } = waiter;
    const part = this.#parts.get(requirementClass);
    if (!part) return;
    if (part.jobs.countBefore(waiter) < part.inLine) part.inLine -= 1;
    part.jobs.remove(waiter);
    requirementClass.grouped -= 1;
    if (part.jobs.size === 0) this.#parts.delete(requirementClass);
  }

  #count(limit: number, change: 1 | -1): void {
    const count = (this.#limits.get(limit) ?? 0) + change;
    if (count > 0) this.#limits.set(limit, count);
    else this.#limits.delete(limit);
    if (limit <= this.#limit) this.#limit = count > 0 ? limit : Math.min(...this.#limits.keys());
  }

  /** Brings the lines to where the room that is left says they should be. */
  #settle(): Moves {
    const moves: Moves = { enter: [], leave: [] };
    const room = Math.max(0, this.#limit - this.#running);
    for (const part of this.#parts.values()) {
      const { jobs } = part;
      const wanted = Math.min(room, jobs.size);
      while (part.inLine > wanted) moves.leave.push(jobs.at(--part.inLine));
      while (part.inLine < wanted) moves.enter.push(jobs.at(part.inLine++));
    }
    return moves;
  }
}
