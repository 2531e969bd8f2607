import { describe, expect, test } from '@jest/globals';
import { fromStrider, isStriderJob, Job } from '@skep/protocol';

/** What Strider hands its workers for a push to GitHub. */
const push = {
  user_id: '4f1',
  job_id: '52a',
  job_type: 'TEST_ONLY',
  repo_ssh_url: 'git@github.com:owner/project.git',
  github_apikey: 'key',
  repo_config: {
    url: 'https://github.com/owner/project',
    display_url: 'https://github.com/owner/project',
    privkey: 'PRIVATE KEY',
    active_branch: 'main',
    unknown: [1],
  },
  deploy_config: null,
  deploy_target: null,
  github_commit_info: { id: 'c0ffee', message: 'Fix it', url: 'https://github.com/owner/project/commit/c0ffee', author: { name: 'A' } },
};

describe("Strider's job data", () => {
  test('becomes a job, and keeps all that it was given', () => {
    const job = fromStrider(push);
    expect(job).toEqual({
      ...push,
      id: '52a',
      job_type: 'TEST',
      project: 'https://github.com/owner/project',
      repo: { url: 'git@github.com:owner/project.git', vcs: 'git', auth: { type: 'ssh', key: 'PRIVATE KEY' } },
      ref: { branch: 'main', id: 'c0ffee' },
      trigger: { type: 'commit', ...push.github_commit_info },
    });
    expect(Job.parse(job)).toEqual(job);
  });

  test.each([
    ['TEST_ONLY', 'TEST'],
    ['DEPLOY_ONLY', 'DEPLOY'],
    ['TEST_AND_DEPLOY', 'TEST&DEPLOY'],
    ['TEST&DEPLOY', 'TEST&DEPLOY'],
    ['resize', 'resize'],
  ])('of type %s is a job of type %s', (given, job_type) => expect(fromStrider({ ...push, job_type: given })).toMatchObject({ job_type }));

  test('without a key is cloned over https, with the key of GitHub', () => {
    const { privkey: _, ...repo_config } = push.repo_config;
    expect(fromStrider({ ...push, repo_config })).toMatchObject({
      repo: { url: repo_config.url, auth: { type: 'https', username: 'key', password: 'x-oauth-basic' } },
    });
  });

  test('without a commit is built from the newest of the branch', () =>
    expect((fromStrider({ ...push, github_commit_info: undefined }) as Job).ref).toEqual({ branch: 'main' }));

  test('without a branch is built from master', () =>
    expect((fromStrider({ job_id: 'a', repo_ssh_url: 'git@host:a.git' }) as Job).ref).toEqual({ branch: 'master' }));

  test.each([
    ['a repo_config', { repo_config: {} }, true],
    ['a repo_ssh_url', { repo_ssh_url: 'a' }, true],
    ['a github_commit_info', { github_commit_info: {} }, true],
    ['a job_id and no id', { job_id: 'a' }, true],
    ['both ids', { job_id: 'a', id: 'a' }, false],
    ['nothing', {}, false],
  ])('is known by %s', (_, data, known) => expect(isStriderJob(data)).toBe(known));

  test.each([[null], ['text'], [7], [[]], [{ job_id: 7 }], [{ repo_config: 'x' }]])(
    'that is not of its form (%j) is left as it came',
    (data) => expect(fromStrider(data)).toEqual(data),
  );
});
