import { describe, expect, test } from '@jest/globals';
import { JobCopy } from '../src/JobCopy.js';
import { putPluginData } from '../src/putPluginData.js';

const MiB = 1024 * 1024;
const copy = () => new JobCopy('a', {}, new Date(0), 'http://queen/jobs/a');

describe('the copy of a job', () => {
  test('keeps 3 MiB of output, then says once where the rest is', () => {
    const full = copy();
    expect(full.add(['stdout', 'x'.repeat(2 * MiB)])).toHaveLength(1);
    expect(full.add(['stdout', 'y'.repeat(2 * MiB)])).toEqual([['stderr', expect.stringContaining('3 MiB of a job')]]);
    expect(full.add(['stdout', 'z'])).toEqual([]);
    expect(full.data.std.out).toHaveLength(2 * MiB);
    expect(full.data.std.err).toContain('http://queen/jobs/a');
  });

  test.each([
    ['passed', true, null, [0, 0]],
    ['passed', false, null, [0, -1]],
    ['failed', false, 7, [7, -1]],
  ] as const)('a job that %s (deploys: %s) has codes by which the server says so too', (outcome, deploys, exitCode, codes) => {
    const job = copy();
    if (outcome === 'failed') job.add(['phase.done', { phase: 'test', time: new Date(1), exitCode: 0, elapsed: 1, next: 'cleanup' }]);
    const { phases } = job.finish({ outcome, exitCode, finished: 2 }, deploys);
    expect([phases.test.exitCode, phases.deploy.exitCode]).toEqual(codes);
  });

  test.each([
    ['replace', undefined, { n: { a: 1 } }],
    ['push', 'a', { n: { a: [1, 2] } }],
    ['extend', 'b.c', { n: { b: { c: { d: 2 } } } }],
  ])('what a plugin says is put in place: %s', (method, path, expected) => {
    const all: Record<string, unknown> = method === 'push' ? { n: { a: [1] } } : {};
    const data = method === 'replace' ? { a: 1 } : method === 'push' ? 2 : { d: 2 };
    putPluginData(all, { plugin: 'n', data, method, path });
    expect(all).toEqual(expected);
  });

  test('what a plugin says never reaches what all objects share', () => {
    for (const path of ['__proto__', '__proto__.x', 'constructor.prototype'])
      putPluginData({}, { plugin: 'n', data: { polluted: 1 }, method: 'extend', path });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
