import { describe, expect, test } from '@jest/globals';
import { AssignedJob, groupOf, HeldAttempt, Job, MASK, maskJob, phasesOf, requirementsOf, titleOf } from '@skep/protocol';

describe('a job', () => {
  test('needs nothing at all', () => expect(Job.parse({})).toEqual({}));

  test('keeps fields that the schema does not name', () => {
    const given = { id: 'a', strange: { deep: [1, 2] }, phases: { test: ['make'] } };
    expect(Job.parse(given)).toEqual(given);
  });

  test.each([
    ['TEST', ['environment', 'prepare', 'test', 'cleanup']],
    ['DEPLOY', ['environment', 'prepare', 'deploy', 'cleanup']],
    ['TEST&DEPLOY', ['environment', 'prepare', 'test', 'deploy', 'cleanup']],
    ['resize', []],
  ])('of type %s runs the phases %j', (job_type, phases) => expect(phasesOf({ job_type })).toEqual(phases));

  test('requires its plugins, and as a task its handler', () =>
    expect(
      requirementsOf({ job_type: 'resize', plugins: ['node'], requires: { plugins: ['node', 'git'], labels: { os: 'linux' } } }),
    ).toEqual({
      labels: { os: 'linux' },
      plugins: ['node', 'git'],
      handlers: ['resize'],
      minSpeed: 0,
      platform: null,
      drone: null,
      notDrones: [],
    }));

  test.each<[string, Job, ReturnType<typeof groupOf>]>([
    ['a build of a project and a branch', { project: 'web', ref: { branch: 'main' } }, { name: 'web @ main', limit: 1 }],
    ['one of a project alone', { project: 'web' }, undefined],
    ['one of a fetched refspec', { project: 'web', ref: { fetch: 'refs/pull/1/merge' } }, undefined],
    ['a task', { job_type: 'resize', project: 'web', ref: { branch: 'main' } }, undefined],
    ['one that says so', { project: 'web', ref: { branch: 'main' }, concurrency: false }, undefined],
    ['one that names a group', { job_type: 'resize', concurrency: { group: 'gpu' } }, { name: 'gpu', limit: 1 }],
    ['one that names a limit', { concurrency: { group: 'gpu', limit: 4 } }, { name: 'gpu', limit: 4 }],
  ])('%s is in its group', (_, job, group) => expect(groupOf(Job.parse(job))).toEqual(group));

  test.each([{ group: '' }, { group: 'a', limit: 0 }, { group: 'a', limit: 1.5 }, true, {}])('has no concurrency %j', (concurrency) =>
    expect(Job.safeParse({ concurrency }).success).toBe(false),
  );

  test('is called by its first command, as people may see it', () =>
    expect(titleOf({ phases: { test: [{ command: 'curl -u me:secret', screencmd: 'curl' }] } })).toBe('curl'));

  test('is shown without its secrets', () => {
    const job = Job.parse({
      secrets: { TOKEN: 'hunter2' },
      repo: { url: 'https://me:hunter2@host/x.git', auth: { type: 'https', username: 'me', password: 'hunter2' } },
      phases: { test: [{ command: 'echo hunter2', screencmd: 'echo' }] },
      repo_config: { privkey: 'hunter2' },
    });
    const shown = JSON.stringify(maskJob(job));
    expect(shown).not.toContain('hunter2');
    expect(shown).toContain(MASK);
  });

  test('is shown without what the configuration of its plugins names as secret, at any depth', () => {
    const config = {
      git: { url: 'https://hive.example', auth: { type: 'https', username: 'bee', password: 'honey' } },
      deploy: { app: 'hive', api_key: 'k-123', targets: [{ accessToken: 't-456', tries: 3 }] },
      custom: { test: 'make pass', key: 'not one' },
    };
    expect(maskJob(Job.parse({ config })).config).toEqual({
      git: { url: 'https://hive.example', auth: { type: 'https', username: 'bee', password: MASK } },
      deploy: { app: 'hive', api_key: MASK, targets: [{ accessToken: MASK, tries: 3 }] },
      custom: { test: 'make pass', key: 'not one' },
    });
  });

  test.each([
    ['a list of plugins', { plugins: ['node', 'git'], config: { node: { version: 20 } } }],
    [
      'commands in every form',
      { phases: { test: ['make', { command: 'make' }, { command: 'make', args: ['-j', '4'], cwd: 'a', timeout: 0.5, shell: false }] } },
    ],
    [
      'a repository over https',
      { repo: { url: 'https://host/a.git', auth: { type: 'https', username: 'a', password: 'b' }, provider: 'gitlab' } },
    ],
    ['a repository over ssh', { repo: { url: 'git@host:a.git', vcs: 'git', auth: { type: 'ssh', key: 'KEY' } } }],
    ['a branch', { ref: { branch: 'feature/grün' } }],
    ['a commit', { ref: { branch: 'main', id: 'c0ffee' } }],
    ['a refspec', { ref: { fetch: '+refs/pull/141/merge' } }],
    ['a task and its input', { job_type: 'resize', data: [1, { a: null }], idempotent: true }],
    ['an id with every sign that it may have', { id: 'A0._:@~-z' }],
    [
      'times and tries',
      { timeout: { job: 1, silence: 2, queue: 3 }, retry: { lost: 0, failed: 100, backoff: 0.1 }, lostAfter: 5, priority: -1000 },
    ],
  ])('may have %s', (_, job) => expect(Job.parse(job)).toEqual(job));

  test.each([
    ['an empty id', { id: '' }],
    ['an id that leads elsewhere', { id: '../a' }],
    ['an id that looks like an option', { id: '-rf' }],
    ['an id of 129 characters', { id: 'x'.repeat(129) }],
    ['a priority with a fraction', { priority: 0.5 }],
    ['a timeout of nothing', { timeout: { job: 0 } }],
    ['a timeout of more than 30 days', { timeout: { job: 30 * 24 * 3600 + 1 } }],
    ['101 tries', { retry: { failed: 101 } }],
    ['a variable whose name is no name', { env: { 'A-B': '1' } }],
    ['a variable that is a number', { env: { A: 1 } }],
    ['an empty command', { phases: { test: [''] } }],
    ['a command that is a number', { phases: { test: [7] } }],
    ['commands that are no list', { phases: { test: 'make' } }],
    ['a repository without an address', { repo: {} }],
    ['a repository of an unknown kind', { repo: { url: 'a', vcs: 'cvs' } }],
    ['an unknown way to enter a repository', { repo: { url: 'a', auth: { type: 'oauth' } } }],
    ['a branch that looks like an option', { ref: { branch: '--upload-pack=evil' } }],
    ['a commit that looks like an option', { ref: { branch: 'main', id: '-x' } }],
    ['a refspec with spaces', { ref: { fetch: 'a b' } }],
    ['a speed of 0', { requires: { minSpeed: 0 } }],
    ['10,001 commands in a phase', { phases: { test: new Array(10_001).fill('make') } }],
    ['1001 required plugins', { requires: { plugins: new Array(1001).fill('node') } }],
    ['labels as a list', { requires: { labels: ['linux'] } }],
  ])('may not have %s', (_, job) => expect(Job.safeParse(job).success).toBe(false));
});

test.each([
  ['attempt', 1_000_000, true],
  ['attempt', 1_000_001, false],
  ['lease', Number.MAX_SAFE_INTEGER, true],
  ['lease', 0, false],
])('a job may be assigned as %s %i exactly if a drone may say that it holds it: %p', (name, number, isSo) => {
  const numbers = { id: 'a', attempt: 1, lease: 1, [name]: number };
  expect(AssignedJob.safeParse({ ...numbers, job_id: 'a', assigned: 0 }).success).toBe(isSo);
  expect(HeldAttempt.safeParse({ ...numbers, cursor: 0 }).success).toBe(isSo);
});
