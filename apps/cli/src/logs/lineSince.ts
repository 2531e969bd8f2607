import type { SkepClient } from '@skep/client';
import { secondsOf } from '../secondsOf.js';

export interface SinceWish {
  attempt: number | undefined;
  /** Line ends in the output. */
  total: number;
  /** A span before now, or an instant. */
  since: string;
}

/** The first line, from 1, that was written since then; the one after the last if none was. Asks for logarithmically many lines. */
export async function lineSince(client: SkepClient, id: string, { attempt, total, since }: SinceWish): Promise<number> {
  const from = instantOf(since);
  let low = 1;
  let high = total + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((await writtenAt(client, id, attempt, middle)) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Unix ms of an instant such as `2026-01-31T12:00Z`, or of so long ago. */
function instantOf(since: string): number {
  const at = /^\d{4}-/.test(since) ? Date.parse(since) : Number.NaN;
  return Number.isNaN(at) ? Date.now() - secondsOf(since, '--since') * 1000 : at;
}

/** When the beginning of a line was written, in Unix ms of the queen's clock. */
async function writtenAt(client: SkepClient, id: string, attempt: number | undefined, line: number): Promise<number> {
  for await (const { at } of client.chunks(id, { lines: `${line}-${line}`, ...(attempt !== undefined && { attempt }) })) return at;
  return Number.POSITIVE_INFINITY;
}
