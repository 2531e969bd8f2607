import { describe, expect, test } from '@jest/globals';
import { Job, MASK, maskJob, phasesOf, requirementsOf, titleOf } from '@skep/protocol';

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
    }));

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
});
