import { describe, expect, test } from '@jest/globals';
import type { Job } from '@skep/protocol';
import { asCli, quote } from '../src/asCli.js';
import { again, draftOf, emptyDraft, jobOf } from '../src/draft.js';
import { linesIn } from '../src/output/lineLink.js';

const queen = 'http://q:7874';

describe('a job as a command line', () => {
  test.each<[string, Job, string]>([
    ['of one command', { phases: { test: ['make test'] } }, `skep run --queen ${queen} --no-repo -- 'make test'`],
    [
      'with all that skep run knows',
      {
        phases: { test: [{ command: 'make', args: ['-j', 'all'] }] },
        requires: { labels: { os: 'linux' } },
        env: { A: "it's" },
        secrets: { T: '●●●' },
        repo: { url: 'https://example.org/r.git' },
        ref: { branch: 'main' },
        timeout: { job: 600 },
        priority: 5,
        project: 'web',
      },
      `skep run --queen ${queen} --label os=linux --env 'A=it'\\''s' --secret T --repo https://example.org/r.git --ref main --timeout 600s --priority 5 --project web -- make -j all`,
    ],
  ])('%s', (_, job, line) => expect(asCli(job, queen)).toBe(line));

  test('that needs more is given as JSON', () => {
    expect(asCli({ id: 'x', phases: { test: ['a', 'b'] } }, queen)).toBe(
      `skep submit --queen ${queen} - <<'SKEP'\n{\n  "phases": {\n    "test": [\n      "a",\n      "b"\n    ]\n  }\n}\nSKEP`,
    );
  });

  test('words are quoted where a shell would not read them back', () => {
    expect(['a-b', 'a b', '$x', ''].map(quote)).toEqual(['a-b', "'a b'", "'$x'", "''"]);
  });
});

describe('a draft', () => {
  test('becomes a job', () => {
    expect(
      jobOf({ ...emptyDraft, commands: 'make\n\nmake test\n', labels: 'os=linux', env: 'A=b=c', timeoutMinutes: '5', priority: '2' }),
    ).toEqual({
      job: {
        phases: { test: ['make', 'make test'] },
        requires: { labels: { os: 'linux' } },
        env: { A: 'b=c' },
        timeout: { job: 300 },
        priority: 2,
      },
    });
  });

  test('says what is wrong, and where', () => {
    expect(jobOf({ ...emptyDraft, labels: 'linux', priority: 'high', branch: 'main' })).toEqual({
      problems: {
        commands: 'Give at least one command',
        labels: '“linux” is not NAME=VALUE',
        priority: '“high” is not a number',
        repo: 'A branch needs a repository',
      },
    });
    expect(jobOf({ ...emptyDraft, commands: 'a', priority: '5000' })).toHaveProperty('problems.priority');
  });

  test('of a job is that job again, or nothing where the fields cannot say it', () => {
    const job: Job = {
      phases: { test: ['make'] },
      project: 'web',
      requires: { labels: { os: 'linux' } },
      ref: { branch: 'main' },
      repo: { url: 'u' },
    };
    expect(jobOf(draftOf(job) ?? emptyDraft)).toEqual({ job });
    expect(draftOf({ phases: { test: ['make'], deploy: ['x'] } })).toBeUndefined();
    expect(draftOf({ ...job, retry: { failed: 2 } })).toBeUndefined();
    expect(again({ id: 'x', retryOf: 'y', trigger: { type: 'manual' }, project: 'web' })).toEqual({ project: 'web' });
  });
});

test.each([
  ['#L12', { from: 11, to: 11 }],
  ['#L12-L40', { from: 11, to: 39 }],
  ['#L40-12', { from: 11, to: 39 }],
  ['#top', undefined],
])('%s points at lines', (hash, range) => expect(linesIn(hash)).toEqual(range));
