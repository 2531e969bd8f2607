import type { Children, Standing } from '@skep/protocol';

const order: readonly (readonly [Standing, string])[] = [
  ['failed', 'failed'],
  ['errored', 'errored'],
  ['timed-out', 'timed out'],
  ['lost', 'lost'],
  ['cancelled', 'cancelled'],
  ['running', 'running'],
  ['assigned', 'starting'],
  ['queued', 'queued'],
  ['passed', 'passed'],
];

/** How the children of a parent stand, what needs somebody first: `1 of 6 cells failed, 2 running, 3 passed`. */
export function childrenWords({ kind, count, standings }: Children): string {
  const [first, ...rest] = order.flatMap(([standing, words]) => {
    const many = standings[standing];
    return many === undefined ? [] : [{ many, words }];
  });
  const one = kind === 'cells' ? 'cell' : 'build';
  if (!first) return `no ${one} yet`;
  const all = `${first.many} of ${count} ${one}${count === 1 ? '' : 's'} ${first.words}`;
  return [all, ...rest.map(({ many, words }) => `${many} ${words}`)].join(', ');
}
