import { expect, test } from '@jest/globals';
import type { JobSummary } from '@skep/protocol';
import fc from 'fast-check';
import { kindsOf, layOut, nearNames } from '../src/droneDay.js';

const aJob = (change: Partial<JobSummary>): JobSummary => ({
  id: 'j',
  title: 'make',
  status: 'done',
  outcome: 'passed',
  waiting: null,
  attempt: 1,
  phase: null,
  queued: 0,
  started: 0,
  finished: 10,
  cursor: 0,
  job_type: 'TEST',
  priority: 0,
  exitCode: 0,
  ...change,
});

test('jobs that ran at once lie in lanes of their own, as few as there can be', () => {
  const anyJobs = fc.array(fc.record({ started: fc.nat(100), ms: fc.nat(50) }), { maxLength: 40 });
  fc.assert(
    fc.property(anyJobs, (runs) => {
      const jobs = runs.map(({ started, ms }, id) => aJob({ id: String(id), started, finished: started + ms }));
      const { lanes, placed } = layOut(jobs, 20, 120);
      for (const a of placed) {
        expect(a.from).toBeGreaterThanOrEqual(20);
        expect(a.to).toBeLessThanOrEqual(120);
        for (const b of placed) if (a !== b && a.lane === b.lane) expect(a.to <= b.from || b.to <= a.from).toBe(true);
      }
      const most = Math.max(0, ...placed.map(({ from }) => placed.filter((other) => other.from <= from && from < other.to).length));
      const empty = placed.some(({ from, to }) => from === to);
      expect(lanes).toBeLessThanOrEqual(empty ? most + 1 : most);
    }),
  );
});

test('one that runs reaches to now; one that never started, or ended before, is left out', () => {
  const jobs = [
    aJob({ id: 'runs', status: 'running', started: 50, finished: null }),
    aJob({ id: 'waits', status: 'queued', started: null, finished: null }),
    aJob({ id: 'before', started: 1, finished: 9 }),
  ];
  expect(layOut(jobs, 10, 100).placed.map(({ job, from, to }) => [job.id, from, to])).toEqual([['runs', 50, 100]]);
});

test('kinds of jobs, the most frequent first, by those that passed', () => {
  const kinds = kindsOf([
    aJob({ finished: 30 }),
    aJob({ finished: 10 }),
    aJob({ finished: 20 }),
    aJob({ finished: 1000, outcome: 'failed' }),
    aJob({ title: 'lint', outcome: 'failed' }),
    aJob({ title: 'lint', status: 'running', finished: null }),
  ]);
  expect(kinds).toEqual([
    { title: 'make', runs: 4, passed: 3, median: 20 },
    { title: 'lint', runs: 1, passed: 0, median: null },
  ]);
});

test.each([
  ['linux-1', ['linux-11', 'linux-01']],
  ['linux', ['linux-01', 'linux-11']],
  ['lniux-01', ['linux-01']],
  ['windows', []],
])('names like %s', (wanted, near) => expect(nearNames(wanted, ['linux-01', 'linux-11', 'mac'])).toEqual(near));
