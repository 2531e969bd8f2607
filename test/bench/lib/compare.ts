/** How often everything is measured. */
export const RUNS = 5;

/** One who is measured: ours or a yardstick, ready to be. */
export interface Contestant<F extends string> {
  readonly name: string;
  /** Measures once. */
  run(): Promise<Record<F, number>>;
}

/** The median of each figure of a contestant. */
export type Figures<F extends string> = Record<F, number>;

/**
 * Measures all contestants in turns, A B A B ..., so that what else the machine does falls on each of them, and takes the
 * median of each figure. A first turn that is not counted warms them up.
 */
export async function compare<F extends string>(contestants: readonly Contestant<F>[]): Promise<Map<string, Figures<F>>> {
  const taken = new Map<string, Figures<F>[]>(contestants.map(({ name }) => [name, []]));
  for (let run = 0; run <= RUNS; run++) {
    for (const contestant of contestants) {
      const figures = await contestant.run();
      if (run > 0) taken.get(contestant.name)?.push(figures);
      const words = Object.entries<number>(figures).map(([figure, value]) => `${figure} ${value.toPrecision(4)}`);
      process.stderr.write(`  ${run === 0 ? 'warm-up' : `run ${run}`}  ${contestant.name}: ${words.join(', ')}\n`);
    }
  }
  return new Map([...taken].map(([name, all]) => [name, medians(all)]));
}

function medians<F extends string>(all: readonly Figures<F>[]): Figures<F> {
  const names = Object.keys(all[0] ?? {}) as F[];
  return Object.fromEntries(names.map((name) => [name, median(all.map((figures) => figures[name]))])) as Figures<F>;
}

/** The value in the middle; of an even number of them the higher of the two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
