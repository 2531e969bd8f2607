import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, test } from '@jest/globals';
import type { Job } from '@skep/protocol';
import { mirrorPath } from '../../src/workspace/mirror.js';
import { aFolder, type Running, runJob } from '../executor/helpers.js';

const isThere = spawnSync('hg', ['--version']).status === 0;
if (!isThere) process.stderr.write('Mercurial is not installed here: its tests are skipped (apt-get install mercurial)\n');

const hg = (cwd: string, ...args: string[]): string =>
  execFileSync('hg', args, { cwd, encoding: 'utf8', env: { ...process.env, HGRCPATH: '', HGPLAIN: '1' } }).trim();

/** Writes a file and commits it. @returns the id of the changeset */
function commit(repo: string, text: string): string {
  writeFileSync(join(repo, 'file.txt'), text);
  hg(repo, 'commit', '--addremove', '--quiet', '--user', 'bee', '--message', text);
  return hg(repo, 'log', '--rev', '.', '--template', '{node}');
}

function aRepo(folder: string): { path: string; first: string } {
  const path = join(folder, 'repo');
  mkdirSync(path);
  hg(path, 'init');
  return { path, first: commit(path, 'one') };
}

const everything = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');

/** Serves a repository over HTTP to who knows name and password. */
async function serve(repo: string, credentials: string): Promise<AsyncDisposable & { url: string; heard: string[] }> {
  const served = spawn('hg', ['serve', '--address', '127.0.0.1', '--port', '0', '-R', repo], {
    env: { ...process.env, HGRCPATH: '', PYTHONUNBUFFERED: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(served.stdout), 'line')) as [string];
  const port = Number(/:(\d+)\//.exec(line)?.[1]);
  const expected = `Basic ${Buffer.from(credentials).toString('base64')}`;
  const heard: string[] = [];
  const server = createServer((asked, answer) => {
    heard.push(asked.headers.authorization ?? 'nobody');
    if (asked.headers.authorization !== expected) return void answer.writeHead(401, { 'www-authenticate': 'Basic realm="bees"' }).end();
    const { method, headers, url: path } = asked;
    const passed = request({ host: '127.0.0.1', port, method, headers, path }, (from) => {
      answer.writeHead(from.statusCode ?? 500, from.headers);
      from.pipe(answer);
    });
    asked.pipe(passed);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    heard,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      served.kill();
      await once(served, 'exit');
    },
  };
}

const show = { test: ['cat file.txt; echo; hg identify --debug --id; echo $SKEP_COMMIT; hg paths default'] };
const build = (data: string, job: Job & { repo: { url: string } }): Promise<Running> =>
  runJob({ phases: show, ...job, repo: { ...job.repo, vcs: 'hg' } }, data);

(isThere ? describe : describe.skip)('a checkout of Mercurial', () => {
  test.each<[string, (first: string) => Job['ref'], string]>([
    ['the default branch without a ref', () => undefined, 'two'],
    ['a branch', () => ({ branch: 'side' }), 'side'],
    ['a bookmark', () => ({ branch: 'mark' }), 'side'],
    ['a changeset that is not the newest', (first) => ({ branch: 'default', id: first }), 'one'],
    ['a tag', () => ({ branch: 'v1' }), 'one'],
  ])('takes %s', async (_, ref, text) => {
    await using folder = await aFolder();
    const { path, first } = aRepo(folder.path);
    hg(path, 'branch', '--quiet', 'side');
    commit(path, 'side');
    hg(path, 'bookmark', '--inactive', 'mark');
    hg(path, 'update', '--quiet', 'default');
    hg(path, 'tag', '--rev', first, '--user', 'bee', 'v1');
    commit(path, 'two');
    const given = ref(first);
    const attempt = await build(join(folder.path, 'data'), { repo: { url: path }, ...(given && { ref: given }) });
    expect(attempt.output('stderr')).toBe('');
    const [shown, id, commitId, from] = attempt.output('stdout').split('\n');
    expect([shown, from]).toEqual([text, path]);
    expect(commitId).toMatch(/^[0-9a-f]{40}$/);
    expect(id).toBe(commitId);
  });

  test('of a changeset that the mirror has needs nothing of the other side, also after an hg that was killed', async () => {
    await using folder = await aFolder();
    const { path, first } = aRepo(folder.path);
    const data = join(folder.path, 'data');
    const job = { repo: { url: path }, ref: { branch: 'default', id: first } };
    await build(data, job);
    renameSync(path, `${path}-gone`);
    writeFileSync(join(mirrorPath(data, path, 'hg'), '.hg/store/journal'), '');
    expect((await build(data, job)).output('stdout').split('\n')[0]).toBe('one');
  });

  test('tells its password to its host, and shows it to nobody', async () => {
    await using folder = await aFolder();
    const { path, first } = aRepo(folder.path);
    await using server = await serve(path, 'bee:hunter%2 #x');
    const data = join(folder.path, 'data');
    const auth = { type: 'https' as const, username: 'bee', password: 'hunter%2 #x' };
    // Whoever may see the processes of this machine sees every argument list.
    const seen: string[] = [];
    const look = setInterval(() => seen.push(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })), 20);
    const attempt = await build(data, { repo: { url: server.url, auth } }).finally(() => clearInterval(look));
    expect(attempt.output('stderr')).toBe('');
    expect(attempt.output('stdout')).toContain(first);
    expect(server.heard.filter((heard) => heard !== 'nobody').length).toBeGreaterThan(0);
    for (const text of [JSON.stringify(attempt.events), everything(data), seen.join()]) expect(text).not.toContain('hunter%2');
  });

  test.each([
    ['a wrong name', { url: 'REPO' }, { branch: 'nowhere' }, /unknown revision 'nowhere'/],
    ['a refspec', { url: 'REPO' }, { fetch: 'refs/pull/1' }, /Mercurial has no refspecs/],
    ['another protocol', { url: 'ext::sh -c touch' }, undefined, /no address of a repository/],
    [
      'a password of two lines',
      { url: 'http://127.0.0.1:9/', auth: { type: 'https', username: 'a', password: 'b\n[hooks]' } },
      undefined,
      /line end/,
    ],
  ] as const)('ends errored for %s, and says why', async (_, repo, ref, words) => {
    await using folder = await aFolder();
    const { path } = aRepo(folder.path);
    const job = { repo: { ...repo, url: repo.url.replace('REPO', path) }, ...(ref && { ref }) };
    const attempt = await build(join(folder.path, 'data'), job);
    expect(attempt.story.some((event) => event.startsWith('errored checkout-failed'))).toBe(true);
    expect(JSON.stringify(attempt.events)).toMatch(words);
  });

  test('is cancelled while the other side says nothing, and begun again leaves nothing of that', async () => {
    await using folder = await aFolder();
    const deaf = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(deaf, 'listening');
    const cancel = new AbortController();
    deaf.once('connection', () => cancel.abort());
    const url = `http://127.0.0.1:${(deaf.address() as AddressInfo).port}/`;
    const data = join(folder.path, 'data');
    const { checkout } = await import('../../src/workspace/checkout.js');
    const tmp = join(folder.path, 'tmp');
    mkdirSync(tmp);
    const options = { repo: { url, vcs: 'hg' as const }, ref: undefined, dataDir: data, folder: join(folder.path, 'code'), tmp };
    await expect(checkout({ ...options, env: { PATH: process.env.PATH ?? '' }, signal: cancel.signal })).rejects.toThrow();
    expect(readdirSync(tmp)).toEqual([]);
    rmSync(tmp, { recursive: true });
    deaf.closeAllConnections();
    deaf.close();
  });
});
