import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { Options } from '../src/defineCommand.js';
import { buildJob, refOf } from '../src/run/buildJob.js';
import { secondsOf } from '../src/secondsOf.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skep-checkout-'));
});
afterEach(() => rm(folder, { recursive: true }));

const build = (given: Record<string, unknown>, words = ['make', 'test'], cwd = folder) =>
  buildJob(new Options(given), words, { HERE: 'yes' }, cwd);

describe('the job of skep run', () => {
  test('several words are a program, one is a line for the shell', async () => {
    expect((await build({})).job.phases).toEqual({ test: [{ command: 'make', args: ['test'] }] });
    expect((await build({}, ['make && make install'])).job.phases).toEqual({ test: ['make && make install'] });
    expect((await build({ cwd: 'web' }, ['make'])).job.phases).toEqual({ test: [{ command: 'make', cwd: 'web' }] });
  });

  test('flags become fields of the job', async () => {
    const { job } = await build({
      label: ['os=linux'],
      drone: 'linux-1',
      env: ['A=1=2', 'HERE'],
      secret: ['TOKEN=x'],
      timeout: '1h30m',
      priority: '-3',
      group: 'web tests',
      project: 'web',
      id: 'mine',
      repo: 'https://git.example/web.git',
      ref: 'main',
    });
    expect(job).toMatchObject({
      id: 'mine',
      project: 'web',
      repo: { url: 'https://git.example/web.git' },
      ref: { branch: 'main' },
      requires: { labels: { os: 'linux' }, drone: 'linux-1' },
      env: { A: '1=2', HERE: 'yes' },
      secrets: { TOKEN: 'x' },
      timeout: { job: 5400 },
      priority: -3,
      concurrency: { group: 'web tests' },
    });
  });

  test.each<[string, Record<string, unknown>]>([
    ['a label without a value', { label: ['os'] }],
    ['a variable that is not set', { env: ['NOWHERE'] }],
    ['a duration that is none', { timeout: 'soon' }],
    ['a priority that is none', { priority: 'high' }],
    ['a ref without a repository', { ref: 'main' }],
  ])('%s is refused, with what to do', async (_, given) => {
    await expect(build(given)).rejects.toMatchObject({ name: 'CliError', hint: expect.any(String) });
  });

  test.each([
    ['90', 90],
    ['90s', 90],
    ['10m', 600],
    ['1h', 3600],
  ])('%s as seconds', (text, seconds) => expect(secondsOf(text, '--timeout')).toBe(seconds));

  test('a ref is a branch or tag, a commit, or anything below refs/', () => {
    const id = 'a'.repeat(40);
    expect([refOf('main'), refOf(id), refOf('refs/pull/1/merge')]).toEqual([
      { branch: 'main' },
      { branch: 'HEAD', id },
      { fetch: '+refs/pull/1/merge' },
    ]);
  });
});

describe('in a git checkout', () => {
  const git = (...args: string[]) =>
    execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd: join(folder, 'here') });

  beforeEach(async () => {
    await execa('git', ['init', '--quiet', '--bare', '-b', 'main', join(folder, 'there.git')]);
    await execa('git', ['init', '--quiet', '-b', 'main', join(folder, 'here')]);
    await git('commit', '--quiet', '--allow-empty', '-m', 'first');
  });

  test('its remote and commit are the sources', async () => {
    await git('remote', 'add', 'origin', '../there.git');
    await git('push', '--quiet', '-u', 'origin', 'main');
    const { stdout: id } = await git('rev-parse', 'HEAD');
    const { job, warnings } = await build({}, ['make'], join(folder, 'here'));
    expect(job).toMatchObject({ repo: { url: join(folder, 'there.git') }, ref: { branch: 'main', id } });
    expect(warnings).toEqual([]);
  });

  test('what the job would not see is told', async () => {
    await git('remote', 'add', 'origin', 'https://git.example/web.git');
    await writeFile(join(folder, 'here', 'new'), '');
    const { warnings } = await build({}, ['make'], join(folder, 'here'));
    expect(warnings).toEqual([expect.stringContaining('is on no branch of origin'), expect.stringContaining('1 file is changed here')]);
  });

  test('without a remote, or with --no-repo, there are no sources', async () => {
    const { job, warnings } = await build({}, ['make'], join(folder, 'here'));
    expect(job.repo).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining('no remote')]);
    await git('remote', 'add', 'origin', '../there.git');
    expect((await build({ repo: false }, ['make'], join(folder, 'here'))).job.repo).toBeUndefined();
  });
});
