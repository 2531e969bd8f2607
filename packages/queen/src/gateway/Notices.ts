import { randomUUID } from 'node:crypto';
import type { HookFilter, JobNotice, NoticePlace } from '@skep/protocol';

/** How many notices are kept for those who come back, and how large their values may be together, in characters of JSON. */
const KEPT = 4096;
const KEPT_CHARS = 8 * 1024 * 1024;

export interface Numbered {
  number: number;
  notice: JobNotice;
}

interface KeptNotice extends Numbered {
  chars: number;
}

/** The newest notices of this life of the queen, so that who lost its connection for a while misses none. */
export class Notices {
  readonly #life = randomUUID();
  #number = 0;
  #chars = 0;
  #kept: KeptNotice[] = [];
  /** Where in `#kept` the oldest is that still counts. */
  #first = 0;

  /** Where they stand now. */
  get place(): NoticePlace {
    return { life: this.#life, number: this.#number };
  }

  /** How far a reader's place may fall behind before it must be told of it, though nothing came that it wanted. */
  readonly farBehind = KEPT / 4;

  add(notice: JobNotice): Numbered {
    this.#number += 1;
    const chars = notice.value === undefined ? 0 : (JSON.stringify(notice.value)?.length ?? 0);
    const kept = { number: this.#number, notice, chars };
    this.#kept.push(kept);
    this.#chars += chars;
    while (this.#kept.length - this.#first > KEPT || this.#chars > KEPT_CHARS) {
      this.#chars -= this.#kept[this.#first]?.chars ?? 0;
      this.#first += 1;
    }
    // Cut rarely: to shift each one off would move all the others.
    if (this.#first >= KEPT) {
      this.#kept = this.#kept.slice(this.#first);
      this.#first = 0;
    }
    return kept;
  }

  /** The notices since a place that fit, and whether some since are not kept any more. Nothing is missed by who begins here. */
  since(filter: HookFilter): { notices: Numbered[]; missed: boolean } {
    const { after } = filter;
    if (after === undefined) return { notices: [], missed: false };
    if (after.life !== this.#life) return { notices: [], missed: true };
    const kept = this.#kept.slice(this.#first);
    const oldest = kept[0]?.number ?? this.#number + 1;
    return {
      notices: kept.filter(({ number, notice }) => number > after.number && isWanted(filter, notice)),
      missed: after.number + 1 < oldest,
    };
  }
}

/** Whether a notice is of those that a filter asks for. */
export const isWanted = ({ hooks, types }: HookFilter, { hook, job }: JobNotice): boolean =>
  (hooks === undefined || hooks.includes(hook)) && (types === undefined || types.includes(job.job_type));
