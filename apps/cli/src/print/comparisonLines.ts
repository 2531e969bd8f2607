import type { Comparison } from '@skep/protocol';
import { tableLines } from './table.js';
import { spanWords, statusWords } from './words.js';

const words = (value: unknown): string => (value === null ? '-' : typeof value === 'string' ? value : JSON.stringify(value));
const spans = (ms: number | null): string => (ms === null ? '-' : spanWords(ms));

/** What two jobs have alike and what not, for people. */
export function comparisonLines({ a, b, inputs, durations, artifacts }: Comparison): string[] {
  const equal = artifacts.filter(({ state }) => state === 'equal').length;
  return [
    ...tableLines([
      ['', a.id, b.id],
      ['status', statusWords(a), statusWords(b)],
      ['drone', a.drone ?? '-', b.drone ?? '-'],
      ...durations.map((each) => [each.what.split('\n', 1)[0]?.slice(0, 60) ?? '', spans(each.a), spans(each.b)]),
    ]),
    '',
    inputs.length === 0 ? 'the same was submitted' : 'submitted differently:',
    ...tableLines(inputs.map((each) => [`  ${each.path}`, words(each.a), words(each.b)])),
    '',
    artifacts.length === 0 ? 'neither left anything behind' : `${equal} of ${artifacts.length} artifacts are equal`,
    ...tableLines(
      artifacts
        .filter(({ state }) => state !== 'equal')
        .map((each) => [`  ${each.state}`, each.path, each.a?.sha256.slice(0, 12) ?? '-', each.b?.sha256.slice(0, 12) ?? '-']),
    ),
  ];
}
