/** Three points of what may come: `low` <= `likely` <= `high`. */
export interface Spread {
  low: number;
  likely: number;
  high: number;
}

const LOW = 0.1;
const HIGH = 0.9;

/**
 * The 10 %, 50 % and 90 % points of some values, at least one: as narrow as they may be while four in five of what comes
 * next still lie between `low` and `high`, if it comes as those before. The outer two are values that did occur, at the
 * ranks 0.1 (n + 1) and 0.9 (n + 1), rounded outwards: with these the next value lies between them at least as often as
 * is said, whatever the values are like. Below nine values there are no such ranks; the outer two are then the least and
 * the greatest, and hold (n - 1) / (n + 1) of what comes next.
 */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (rank: number): number => sorted[Math.min(Math.max(rank, 1), sorted.length) - 1] as number;
  const middle = (sorted.length + 1) / 2;
  return {
    low: at(Math.floor(LOW * (sorted.length + 1))),
    likely: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    high: at(Math.ceil(HIGH * (sorted.length + 1))),
  };
}
