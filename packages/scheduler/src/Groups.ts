import { Group, type Moves } from './Group.js';
import type { JobGroup } from './types.js';
import type { Waiter } from './Waiter.js';

/** Nothing has changed in any line. */
const noMoves: Moves = { enter: [], leave: [] };

/** Every group that has a job, and which running job holds a place in which. */
export class Groups {
  readonly #groups = new Map<string, Group>();
  /** The groups in which each job holds a place: two while an attempt that lost its lease is over later than its successor began. */
  readonly #held = new Map<string, JobGroup[]>();

  /** Whether a job that waits is in line; one without a group always is. */
  isInLine(waiter: Waiter): boolean {
    return !waiter.group || this.#of(waiter.group).hasInLine(waiter);
  }

  add(waiter: Waiter, group: JobGroup): Moves {
    return this.#of(group).add(waiter, group);
  }

  /** A job waits no more. */
  remove(waiter: Waiter): Moves {
    return waiter.group ? this.#change(waiter.group, (group, given) => group.remove(waiter, given)) : noMoves;
  }

  /** A job that was in line begins to run, and takes its place. */
  start(waiter: Waiter): Moves {
    if (!waiter.group) return noMoves;
    this.#keep(waiter.id, waiter.group);
    return this.#of(waiter.group).start(waiter);
  }

  /** A job runs that did not wait here; one that holds a place already takes no second one. */
  hold(jobId: string, group: JobGroup): Moves {
    if (this.#held.has(jobId)) return noMoves;
    this.#keep(jobId, group);
    return this.#of(group).hold(group);
  }

  /** The earliest attempt of a job that holds a place is over. */
  release(jobId: string): Moves {
    const held = this.#held.get(jobId);
    const earliest = held?.shift();
    if (!earliest) return noMoves;
    if (held?.length === 0) this.#held.delete(jobId);
    return this.#change(earliest, (group, given) => group.release(given));
  }

  #keep(jobId: string, group: JobGroup): void {
    const held = this.#held.get(jobId);
    if (held) held.push(group);
    else this.#held.set(jobId, [group]);
  }

  #of({ name }: JobGroup): Group {
    const known = this.#groups.get(name);
    if (known) return known;
    const made = new Group();
    this.#groups.set(name, made);
    return made;
  }

  /** Lets one job less be in a group, which is forgotten with its last. */
  #change(given: JobGroup, change: (group: Group, given: JobGroup) => Moves): Moves {
    const group = this.#of(given);
    const moves = change(group, given);
    if (group.isEmpty) this.#groups.delete(given.name);
    return moves;
  }
}
