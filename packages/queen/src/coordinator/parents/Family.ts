import { type Cell, type Children, cellWords, type LeftOut, type Outcome, type Standing } from '@skep/protocol';
import { gravestOf } from '@skep/scheduler';
import type { JobRow } from '@skep/store';
import type { Ending } from '../outcomeOf.js';

/** How many children a reason names. */
const NAMED = 3;

type Child = Pick<JobRow, 'id' | 'status' | 'outcome' | 'cell' | 'attempt'>;

/** What a parent knows of its children, also of those that are done. */
export class Family {
  readonly #children = new Map<string, Child>();

  constructor(
    readonly kind: Children['kind'],
    children: Iterable<Child>,
    private readonly leftOut: readonly LeftOut[],
  ) {
    for (const child of children) this.note(child);
  }

  /** A child is new, or has become something else. */
  note({ id, status, outcome, cell, attempt }: Child): void {
    this.#children.set(id, { id, status, outcome, cell, attempt });
  }

  /** All of them, in the order in which they were made. */
  get children(): Child[] {
    return [...this.#children.values()];
  }

  /** Those that are not done. */
  get liveIds(): string[] {
    return this.children.flatMap(({ id, status }) => (status === 'done' ? [] : [id]));
  }

  get isOver(): boolean {
    return this.liveIds.length === 0;
  }

  /** The children as they are told. */
  counts(): Children {
    const standings: Partial<Record<Standing, number>> = {};
    for (const { status, outcome } of this.#children.values()) {
      const standing = status === 'done' ? (outcome ?? 'lost') : status;
      standings[standing] = (standings[standing] ?? 0) + 1;
    }
    const { kind, leftOut } = this;
    return { kind, count: this.#children.size, standings, ...(leftOut.length > 0 && { leftOut: [...leftOut] }) };
  }

  /** How the parent ends when all of them are over, with a reason such as `2 of 3 passed; freebsd-14: failed`. */
  sum(cancelReason: string | null): Ending {
    const outcome = gravestOf(this.children.map((child) => child.outcome ?? 'lost'));
    return { outcome, reason: this.#reasonFor(outcome, cancelReason), exitCode: null, signal: null };
  }

  #reasonFor(outcome: Outcome, cancelReason: string | null): string | null {
    const { children } = this;
    if (outcome === 'passed') return null;
    if (children.length === 0) return this.leftOut.map(leftOutWords).join('; ');
    if (outcome === 'cancelled' && cancelReason !== null) return cancelReason;
    const others = children.filter((child) => child.outcome !== 'passed');
    const named = others.slice(0, NAMED).map(({ id, cell, outcome: end }) => `${cell ? wordsOf(cell, this.kind) : id}: ${end}`);
    const more = others.length > NAMED ? ` and ${others.length - NAMED} more` : '';
    return `${children.length - others.length} of ${children.length} passed; ${named.join('; ')}${more}`;
  }
}

/** Of the builds of a cell, only which build. */
const wordsOf = (cell: Cell, kind: Children['kind']): string =>
  kind === 'builds' && cell.build !== undefined ? `build ${cell.build}` : cellWords(cell);

const leftOutWords = ({ platform, reason }: LeftOut): string =>
  `platform ${platform} is dropped${reason === undefined ? '' : `: ${reason}`}`;
