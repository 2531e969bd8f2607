import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Job } from '@skep/protocol';
import { leaseMarker } from '../../src/executor/leaseMarker.js';
import { findTree } from '../../src/process/kill.js';
import { mirrorPath } from '../../src/workspace/mirror.js';
import { aFolder, Running, runJob } from '../executor/helpers.js';
import { aRepo, commit, git, serveGit } from './gitServer.js';

const show = { test: ['cat file.txt; echo; git rev-parse HEAD; echo $SKEP_COMMIT; git remote get-url origin'] };
const build = (dataDir: string, job: Job): Promise<Running> => runJob({ phases: show, ...job }, dataDir);
const everything = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');

describe('a checkout', () => {
  test('is the first command of prepare, silent, and leaves the sources at their commit', async () => {
    await using folder = await aFolder();
    const { path, first } = aRepo(folder.path, 'repo');
    const url = `file://${path}`;
    const attempt = await build(join(folder.path, 'data'), { repo: { url }, ref: { branch: 'main' } });
    expect(attempt.story.slice(2, 6)).toEqual(['phase prepare', `cmd:start 0 git checkout main (${url})`, 'cmd:done 0 0', 'phase test']);
    expect(attempt.output('stderr')).toBe('');
    expect(attempt.output('stdout')).toBe(`one\n${first}\n${first}\n${url}\n`);
  });

  test.each<[string, (first: string) => Job['ref'], string]>([
    ['the default branch without a ref', () => undefined, 'two'],
    ['a branch', () => ({ branch: 'side' }), 'side'],
    ['a commit that is not the newest', (first) => ({ branch: 'main', id: first }), 'one'],
    ['a short id', (first) => ({ branch: 'main', id: first.slice(0, 10) }), 'one'],
    ['a tag', () => ({ branch: 'v1' }), 'one'],
    ['a refspec', () => ({ fetch: '+refs/pull/141/merge' }), 'pull'],
  ])('takes %s', async (_, ref, text) => {
    await using folder = await aFolder();
    const { path, first } = aRepo(folder.path, 'repo');
    git(path, 'tag', 'v1');
    git(path, 'checkout', '--quiet', '-b', 'side');
    commit(path, 'file.txt', 'side');
    commit(path, 'file.txt', 'pull');
    git(path, 'update-ref', 'refs/pull/141/merge', 'HEAD');
    git(path, 'reset', '--quiet', '--hard', 'HEAD^');
    git(path, 'checkout', '--quiet', 'main');
    commit(path, 'file.txt', 'two');
    const given = ref(first);
    const attempt = await build(join(folder.path, 'data'), { repo: { url: path }, ...(given && { ref: given }) });
    expect(attempt.output('stdout').split('\n')[0]).toBe(text);
  });

  test('of a commit that the mirror has needs nothing of the other side', async () => {
    await using folder = await aFolder();
    const { path, first } = aRepo(folder.path, 'repo');
    const data = join(folder.path, 'data');
    const job: Job = { repo: { url: path }, ref: { branch: 'main', id: first } };
    await build(data, job);
    git(folder.path, 'init', '--quiet', 'elsewhere');
    const moved = join(folder.path, 'moved');
    git(folder.path, 'clone', '--quiet', '--bare', path, moved);
    // The address leads to nothing any more.
    const { renameSync } = await import('node:fs');
    renameSync(path, `${path}-gone`);
    expect((await build(data, job)).output('stdout').split('\n')[0]).toBe('one');
  });

  test('a branch that moved is fetched anew', async () => {
    await using folder = await aFolder();
    const { path } = aRepo(folder.path, 'repo');
    const data = join(folder.path, 'data');
    const job: Job = { repo: { url: path }, ref: { branch: 'main' } };
    await build(data, job);
    commit(path, 'file.txt', 'two');
    git(path, 'commit', '--quiet', '--amend', '-m', 'rewritten');
    expect((await build(data, job)).output('stdout').split('\n')[0]).toBe('two');
  });

  test('a commit that left its branch is fetched by its id', async () => {
    await using folder = await aFolder();
    const { path } = aRepo(folder.path, 'repo');
    const second = commit(path, 'file.txt', 'two');
    git(path, 'reset', '--quiet', '--hard', 'HEAD^');
    git(path, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    const attempt = await build(join(folder.path, 'data'), { repo: { url: `file://${path}` }, ref: { branch: 'main', id: second } });
    expect(attempt.output('stdout').split('\n')[0]).toBe('two');
  });

  test('submodules are there, also those with an address relative to the repository', async () => {
    await using folder = await aFolder();
    const inner = aRepo(folder.path, 'inner');
    const outer = aRepo(folder.path, 'outer');
    git(inner.path, 'commit', '--quiet', '--allow-empty', '-m', 'inner');
    git(outer.path, 'submodule', '--quiet', 'add', '../inner', 'sub');
    git(outer.path, 'commit', '--quiet', '-m', 'with a submodule');
    const attempt = await runJob(
      { repo: { url: `file://${outer.path}` }, phases: { test: ['cat sub/file.txt'] } },
      join(folder.path, 'data'),
    );
    expect(attempt.output('stderr')).toBe('');
    expect(attempt.output('stdout')).toBe('one');
  });

  test('twelve at once from one mirror, while its branch moves, are all whole', async () => {
    await using folder = await aFolder();
    const { path } = aRepo(folder.path, 'repo');
    const ids = Array.from({ length: 12 }, (_, at) => commit(path, 'file.txt', `commit ${at}`));
    const data = join(folder.path, 'data');
    const attempts = await Promise.all(
      ids.map((id, at) => build(data, { id: `job-${at}`, repo: { url: path }, ref: { branch: 'main', id } })),
    );
    expect(attempts.map((attempt) => attempt.output('stdout').split('\n')[0])).toEqual(ids.map((_, at) => `commit ${at}`));
    expect(readdirSync(`${mirrorPath(data, path)}.lock`)).toHaveLength(1);
  });

  test('lock files that a killed git left in the mirror do not stop the next', async () => {
    await using folder = await aFolder();
    const { path } = aRepo(folder.path, 'repo');
    const data = join(folder.path, 'data');
    await build(data, { repo: { url: path }, ref: { branch: 'main' } });
    commit(path, 'file.txt', 'two');
    writeFileSync(join(mirrorPath(data, path), 'refs/heads/main.lock'), '');
    expect((await build(data, { repo: { url: path }, ref: { branch: 'main' } })).output('stdout').split('\n')[0]).toBe('two');
  });
});

test('a checkout that hangs is ended by a cancel, and nothing of it is left', async () => {
  await using folder = await aFolder();
  // Takes connections and never answers.
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const attempt = new Running({ repo: { url: `http://127.0.0.1:${port}/repo` }, phases: show }, folder.path, { graceMs: 500 });
  await new Promise((resolve) => server.once('connection', resolve));
  attempt.cancel();
  await attempt.done;
  server.closeAllConnections();
  server.close();
  expect(attempt.story.slice(-3)).toEqual(['cmd:done 0 143 SIGTERM', 'errored cancelled', 'done']);
  expect(findTree({ marker: leaseMarker(folder.path, attempt.job) })).toEqual([]);
  expect(readdirSync(join(folder.path, 'work'))).toEqual([]);
});

describe('a checkout that fails', () => {
  test.each<[string, Job, RegExp]>([
    ['a branch that is not there', { ref: { branch: 'nowhere' } }, /couldn't find remote ref refs\/heads\/nowhere/],
    [
      'a commit that is not there',
      { ref: { branch: 'main', id: '0123456789012345678901234567890123456789' } },
      /0123456789012345678901234567890123456789|Needed a single revision/,
    ],
    ['an address that runs a program', { repo: { url: 'ext::sh -c touch% /tmp/x' } }, /no address of a repository/],
    ['an address that is an option', { repo: { url: '--upload-pack=touch x' } }, /no address of a repository/],
    ['a host that is an option', { repo: { url: 'ssh://-oProxyCommand=x/y' } }, /no address of a repository/],
  ])('for %s says so', async (_, job, words) => {
    await using folder = await aFolder();
    const { path } = aRepo(folder.path, 'repo');
    const attempt = await build(join(folder.path, 'data'), { repo: { url: path }, ...job });
    expect(attempt.story.slice(-4)).toEqual(
      ['phase prepare', expect.stringContaining('cmd:start 0'), 'cmd:done 0 128', 'errored checkout-failed', 'done'].slice(1),
    );
    expect(attempt.error?.message).toMatch(words);
    expect(attempt.output('stderr')).toMatch(words);
  });
});

describe('credentials', () => {
  test.each<[string, (url: string) => Job['repo'] & {}]>([
    ['of the job', (url) => ({ url: `${url}/repo`, auth: { type: 'https', username: 'bee', password: 'stinging secret' } })],
    ['in the address', (url) => ({ url: `${url.replace('//', '//bee:stinging%20secret@')}/repo` })],
  ])('%s open the repository and its submodules, and are nowhere to be found', async (_, repo) => {
    await using folder = await aFolder();
    await using server = await serveGit(folder.path, 'bee:stinging secret');
    const inner = aRepo(folder.path, 'inner');
    const outer = aRepo(folder.path, 'repo');
    git(outer.path, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.path, 'sub');
    git(outer.path, 'config', '-f', '.gitmodules', 'submodule.sub.url', '../inner');
    commit(outer.path, 'file.txt', 'with a submodule');
    const data = join(folder.path, 'data');
    const attempt = await runJob(
      { repo: repo(server.url), phases: { test: ['cat file.txt sub/file.txt; git config --list; env; cp -r .git ../../../copy'] } },
      data,
    );
    expect(attempt.output('stderr')).toBe('');
    expect(attempt.output('stdout')).toContain('with a submodule');
    expect(`${JSON.stringify(attempt.events)} ${attempt.output('stdout')} ${everything(data)}`).not.toMatch(/stinging/);
  });

  test('wrong ones fail, and what git says of it names none', async () => {
    await using folder = await aFolder();
    await using server = await serveGit(folder.path, 'bee:right');
    aRepo(folder.path, 'repo');
    const attempt = await build(join(folder.path, 'data'), {
      repo: { url: `${server.url}/repo`, auth: { type: 'https', username: 'bee', password: 'wrong-secret' } },
    });
    expect(attempt.error?.code).toBe('checkout-failed');
    expect(attempt.error?.message).toMatch(/Authentication failed/);
    expect(JSON.stringify(attempt.events)).not.toContain('wrong-secret');
  });

  test('are not told to another host that a submodule leads to', async () => {
    await using folder = await aFolder();
    await using server = await serveGit(folder.path, 'bee:stinging-secret');
    await using other = await serveGit(folder.path, 'nobody:knows');
    const outer = aRepo(folder.path, 'repo');
    const inner = aRepo(folder.path, 'inner');
    git(outer.path, 'submodule', '--quiet', 'add', inner.path, 'sub');
    git(outer.path, 'config', '-f', '.gitmodules', 'submodule.sub.url', `${other.url}/inner`);
    commit(outer.path, 'file.txt', 'bad');
    const attempt = await build(join(folder.path, 'data'), {
      repo: { url: `${server.url}/repo`, auth: { type: 'https', username: 'bee', password: 'stinging-secret' } },
    });
    expect(attempt.error?.code).toBe('checkout-failed');
    expect(other.requests.length).toBeGreaterThan(0);
    expect(other.requests.every((request) => request.startsWith('nobody'))).toBe(true);
  });

  test('a key is in a file that only its owner can read, while git runs and no longer', async () => {
    await using folder = await aFolder();
    const { path } = aRepo(folder.path, 'repo');
    const bin = join(folder.path, 'bin');
    mkdirSync(bin);
    // Stands where ssh would: notes its arguments and the key, and runs the command here.
    writeFileSync(
      join(bin, 'ssh'),
      `#!/bin/bash\necho "$*" >> ${folder.path}/args\nwhile [ $# -gt 1 ]; do [ "$1" = -i ] && { cat "$2" > ${folder.path}/key; stat -c %a "$2" > ${folder.path}/mode; }; shift; done\nexec sh -c "$1"\n`,
    );
    chmodSync(join(bin, 'ssh'), 0o755);
    const before = process.env.PATH;
    process.env.PATH = `${bin}:${before}`;
    const data = join(folder.path, 'data');
    const attempt = await build(data, {
      repo: { url: `git@bees.example:${path}`, auth: { type: 'ssh', key: '-----BEGIN KEY-----\nsecret-key-line\n-----END KEY-----' } },
    });
    process.env.PATH = before;
    expect(attempt.output('stdout').split('\n')[0]).toBe('one');
    expect(readFileSync(join(folder.path, 'key'), 'utf8')).toBe('-----BEGIN KEY-----\nsecret-key-line\n-----END KEY-----\n');
    expect(readFileSync(join(folder.path, 'mode'), 'utf8')).toBe('600\n');
    expect(`${readFileSync(join(folder.path, 'args'), 'utf8')} ${JSON.stringify(attempt.events)} ${everything(data)}`).not.toContain(
      'secret-key-line',
    );
    expect(statSync(data).isDirectory()).toBe(true);
  });
});
