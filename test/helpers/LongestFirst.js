import Sequencer from '@jest/test-sequencer';

/** What takes minutes, the longest first: begun last, each would run on alone while the other core has nothing to do. */
const longest = [
  'faults/sim/sim',
  'faults/real/real',
  'faults/fuzz/queen',
  'cli/test/run',
  'faults/fuzz/slowReaders',
  'sqlite/conformance',
];

/** In which order files of tests begin: those that take minutes, then as jest has them. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const found = longest.findIndex((name) => path.endsWith(`${name}.test.ts`));
      return found < 0 ? longest.length : found;
    };
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
}
