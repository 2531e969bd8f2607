import { expect, test } from '@jest/globals';
import type { PastRun } from '@skep/store';
import { RunHistory } from '../../src/estimates/RunHistory.js';

const aRun = (durationMs: number): PastRun => ({ durationMs, droneId: 'd', speed: 100 });

/** A history on a store that counts its reads and answers when it is told to. */
function aHistory() {
  const answers: (() => void)[] = [];
  let stored: PastRun[] = [aRun(1)];
  let fails = false;
  const history = new RunHistory({
    runs: async () => {
      const runs = [...stored];
      await new Promise<void>((resolve) => answers.push(resolve));
      if (fails) throw new Error('no');
      return runs;
    },
  });
  return {
    history,
    reads: () => answers.length,
    answer: () => {
      for (const go of answers) go();
    },
    commit: (run: PastRun) => {
      stored = [run, ...stored];
    },
    fail: (does: boolean) => {
      fails = does;
    },
  };
}

test('runs are read once, whoever asks, and what passes later is added without reading', async () => {
  const { history, reads, answer } = aHistory();
  const asked = [history.of('key'), history.of('key')];
  answer();
  expect(await Promise.all(asked)).toEqual([[aRun(1)], [aRun(1)]]);
  history.add('key', aRun(2));
  expect(await history.of('key')).toEqual([aRun(2), aRun(1)]);
  expect(history.known('key')).toEqual([aRun(2), aRun(1)]);
  expect(reads()).toBe(1);
});

test('what nobody asked for is not kept', () => {
  const { history, reads } = aHistory();
  history.add('key', aRun(2));
  expect(history.known('key')).toBeUndefined();
  expect(reads()).toBe(0);
});

test('a run that passes while they are read is not missed', async () => {
  const { history, answer, commit, reads } = aHistory();
  const early = history.of('key');
  commit(aRun(2));
  history.add('key', aRun(2));
  answer();
  expect(await early).toEqual([aRun(1)]);
  const late = history.of('key');
  answer();
  expect(await late).toEqual([aRun(2), aRun(1)]);
  expect(reads()).toBe(2);
});

test('a failed reading is not kept', async () => {
  const { history, answer, fail } = aHistory();
  fail(true);
  const failed = history.of('key');
  answer();
  await expect(failed).rejects.toThrow('no');
  fail(false);
  const again = history.of('key');
  answer();
  expect(await again).toEqual([aRun(1)]);
});

test('no more jobs and no more runs are kept than there is room for', async () => {
  const { history, answer, reads } = aHistory();
  for (let n = 0; n < 1001; n++) {
    const asked = history.of(`key-${n}`);
    answer();
    await asked;
  }
  expect(history.known('key-0')).toBeUndefined();
  expect(history.known('key-1')).toHaveLength(1);
  for (let n = 0; n < 80; n++) history.add('key-1', aRun(n));
  expect(history.known('key-1')).toHaveLength(50);
  expect(reads()).toBe(1001);
});
