import type { Estimate, JobWhy, Verdict } from '@skep/protocol';
import type { Colour, Paint } from './paint.js';
import { tableLines } from './table.js';
import { spanWords, waitingWords } from './words.js';

const colours: Record<Verdict['when'], Colour> = { now: 'green', busy: 'blue', never: 'yellow' };

/** Why a job waits, as lines for people. @param now Unix ms */
export function whyLines(
  { id, status, waiting, position, verdicts, unblock, canEverRun, estimate }: JobWhy,
  now: number,
  paint: Paint,
): string[] {
  const facts = [
    ['job', id],
    ['status', status === 'queued' ? waitingWords(waiting) : status],
    ['in line', position === null ? '' : String(position)],
    ['starts', expectedWords(estimate.start, now)],
    ['ends', expectedWords(estimate.end, now)],
    ['usually', usualWords(estimate.usual)],
  ].filter(([, value]) => value !== '');
  const dim = (plain: string) => ({ plain, painted: paint('dim', plain) });
  const lines = tableLines(facts.map(([name = '', value = '']) => [dim(name), value]));
  if (status === 'done') return [...lines, `how it ended: skep show ${id}`];
  if (!canEverRun) lines.push(paint('red', 'no drone that is known has all that it requires'));
  if (verdicts.length > 0) {
    const rows = verdicts.map(({ name, when, why }) => [name, { plain: when, painted: paint(colours[when], when) }, why]);
    lines.push('', ...tableLines([['DRONE', 'TAKES IT', 'WHY'].map(dim), ...rows]));
  }
  if (unblock.length > 0) lines.push('', 'what would let it start:', ...unblock.map(({ words }) => `  ${words}`));
  return lines;
}

/** `in about 40 s (20 s to 2 m)`, or an instant that has come already: `any moment`. */
function expectedWords(expected: Estimate['start'], now: number): string {
  if (!expected) return '';
  const inMs = (at: number): string => spanWords(Math.max(0, at - now));
  if (expected.high <= now) return 'any moment';
  const spread = expected.low === expected.high ? '' : ` (${inMs(expected.low)} to ${inMs(expected.high)})`;
  return expected.likely <= now ? `any moment${spread}` : `in about ${inMs(expected.likely)}${spread}`;
}

const usualWords = (usual: Estimate['usual']): string =>
  usual === null
    ? ''
    : `${spanWords(usual.likely)} (${spanWords(usual.low)} to ${spanWords(usual.high)}, from ${usual.runs} ${usual.runs === 1 ? 'run' : 'runs'})`;
