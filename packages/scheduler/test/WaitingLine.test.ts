import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareJobs, type Turn } from '../src/compareJobs.js';
import { WaitingLine } from '../src/WaitingLine.js';

const turns = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 3 }),
    priority: fc.integer({ min: -2, max: 2 }),
    order: fc.integer({ min: 0, max: 30 }),
  }),
  { selector: ({ id }) => id, size: 'large' },
);

test('a line is a sorted array, whatever comes and goes', () => {
  fc.assert(
    fc.property(turns, fc.infiniteStream(fc.boolean()), (jobs, removals) => {
      const line = new WaitingLine<Turn>();
      let sorted: Turn[] = [];
      for (const job of jobs) {
        line.add(job);
        sorted = [...sorted, job].sort(compareJobs);
        if (removals.next().value) {
          const gone = sorted[Math.floor(sorted.length / 2)]!;
          line.remove(gone);
          sorted = sorted.filter((other) => other !== gone);
        }
        expect(line.first).toBe(sorted[0]);
      }
      expect([...line]).toEqual(sorted);
      expect(line.size).toBe(sorted.length);
      expect(sorted.map((_, index) => line.at(index))).toEqual(sorted);
      expect(() => line.at(sorted.length)).toThrow(RangeError);
      for (const job of jobs) expect(line.countBefore(job)).toBe(sorted.filter((other) => compareJobs(other, job) < 0).length);
    }),
    { numRuns: 30 },
  );
});

test('a line of 100,000 jobs stays low, come they in order or not, and go they from the front', () => {
  const line = new WaitingLine<Turn>();
  const jobs = Array.from({ length: 100_000 }, (_, n) => ({ id: `${n}`, priority: 0, order: n < 50_000 ? n : 150_000 - n }));
  for (const job of jobs) line.add(job);
  expect(line.size).toBe(100_000);
  for (const job of jobs.slice(0, 40_000)) line.remove(job);
  expect(line.first).toBe(jobs[40_000]);
  // A tree that had grown as deep as a list could not be walked down by recursion.
  for (const job of jobs.slice(40_000)) line.remove(job);
  expect(line.first).toBeUndefined();
});
