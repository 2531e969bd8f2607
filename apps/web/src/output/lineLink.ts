/** Lines that an address points at, from 0, both included. */
export interface LineRange {
  from: number;
  to: number;
}

/** What `#L12` or `#L12-L40` points at; undefined for anything else. */
export function linesIn(hash: string): LineRange | undefined {
  const [, first, last] = /^#L(\d{1,10})(?:-L?(\d{1,10}))?$/.exec(hash) ?? [];
  if (first === undefined) return undefined;
  const ends = [Number(first), Number(last ?? first)].map((line) => Math.max(1, line) - 1);
  return { from: Math.min(...ends), to: Math.max(...ends) };
}

export const hashOf = ({ from, to }: LineRange): string => (from === to ? `#L${from + 1}` : `#L${from + 1}-L${to + 1}`);
