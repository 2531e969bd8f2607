import type { OutputGap } from '@skep/protocol';
import type { AttemptRecord } from '@skep/store';

/** More places than this are not kept: a plain drone may come and go for ever. */
const MAX_GAPS = 100;

/** Notes that output is missing behind what has come of an attempt so far. @param cut how much, where the drone itself left it out */
export function noteGap(record: AttemptRecord, why: string, cut?: OutputGap['cut']): void {
  const { outputBytes: firstByte, outputLines: firstLine } = record;
  const gaps = record.gaps ?? [];
  const isKnown = gaps.some((gap) => gap.firstByte === firstByte && gap.why === why && cut === undefined);
  if (isKnown || gaps.length >= MAX_GAPS) return;
  record.gaps = [...gaps, { firstByte, firstLine, why, ...(cut && { cut }) }];
}

/** What the drone left out of the output, in words; null if nothing. */
export function cutWords({ gaps }: AttemptRecord): string | null {
  const cuts = (gaps ?? []).flatMap(({ cut }) => cut ?? []);
  const [first] = cuts;
  if (!first) return null;
  const bytes = cuts.reduce((sum, cut) => sum + cut.bytes, 0);
  return `${counted(bytes)} bytes were left out, beyond maxOutput of ${counted(first.limit)} bytes`;
}

const counted = (value: number): string => value.toLocaleString('en');
