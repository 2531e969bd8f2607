import { expect, test } from '@jest/globals';
import type { Job } from '@skep/protocol';
import { runKeyOf } from '../../src/estimates/runKey.js';

const job: Job = {
  project: 'skep',
  repo: { url: 'https://example.org/skep.git', vcs: 'git' },
  phases: { prepare: ['npm ci'], test: [{ command: 'make', args: ['test'] }] },
  requires: { labels: { os: 'linux', arch: 'x64' } },
};

test.each<[string, Job]>([
  ['id, branch, trigger', { ...job, id: 'other', ref: { branch: 'next' }, trigger: { type: 'commit' } }],
  [
    'environment and secrets',
    { ...job, env: { BUILD: '17' }, secrets: { TOKEN: 'x' }, phases: { ...job.phases, environment: { env: {} } } },
  ],
  ['limits and priority', { ...job, timeout: { job: 5 }, priority: 9, retry: { lost: 3 }, requires: { ...job.requires, minSpeed: 5 } }],
  [
    'what a command is called',
    { ...job, phases: { ...job.phases, test: [{ command: 'make', args: ['test'], screencmd: 'tests', env: {} }] } },
  ],
  ['the order of labels', { ...job, requires: { labels: { arch: 'x64', os: 'linux' } } }],
  ['the credentials of the repository', { ...job, repo: { url: 'https://me:secret@example.org/skep.git', vcs: 'git' } }],
  ['what it repeats', { ...job, retryOf: 'first' }],
])('a job is the same one whatever its %s', (_, other) => expect(runKeyOf(other)).toBe(runKeyOf(job)));

test.each<[string, Job]>([
  ['project', { ...job, project: 'hive' }],
  ['type', { ...job, job_type: 'DEPLOY' }],
  ['handler', { ...job, job_type: 'resize' }],
  ['repository', { ...job, repo: { url: 'https://example.org/hive.git', vcs: 'git' } }],
  ['commands', { ...job, phases: { ...job.phases, test: ['make all'] } }],
  ['arguments', { ...job, phases: { ...job.phases, test: [{ command: 'make', args: ['all'] }] } }],
  ['phase', { ...job, phases: { ...job.phases, prepare: [], deploy: ['npm ci'] } }],
  ['labels', { ...job, requires: { labels: { os: 'macos', arch: 'x64' } } }],
  ['plugins', { ...job, plugins: ['node'] }],
])('a job of another %s is another one', (_, other) => expect(runKeyOf(other)).not.toBe(runKeyOf(job)));

test('a job of which nothing is said has a key too', () => expect(runKeyOf({})).toMatch(/^[\w-]{16}$/));
