import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { JobInfo } from '@skep/protocol';
import { pino } from 'pino';
import { serveGit } from '../../packages/drone/test/workspace/gitServer.js';
import { startDrone } from '../helpers/startDrone.js';
import { TestQueen } from '../helpers/startQueen.js';
import { tempDir } from '../helpers/tempDir.js';

const require = createRequire(import.meta.url);
const PASSWORD = 'hush-4711-wet';
const plugins = ['custom', 'env', 'git', 'node', 'python', 'ruby'].map((name) => dirname(require.resolve(`strider-${name}/package.json`)));

const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=Bee', '-c', 'user.email=bee@example.org', ...args], { cwd, encoding: 'utf8' }).trim();

/** A small project as people have them: code, tests of its own, and what they need said in its package.json. */
function makeProject(folder: string): { good: string; bad: string } {
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  const commit = (message: string): string => {
    git(folder, 'add', '--all');
    git(folder, 'commit', '--quiet', '-m', message);
    return git(folder, 'rev-parse', 'HEAD');
  };
  mkdirSync(folder, { recursive: true });
  git(folder, 'init', '--quiet', '-b', 'main');
  write('package.json', JSON.stringify({ name: 'slug', version: '1.2.0', private: true, scripts: { test: 'node --test' } }));
  write('README.md', '# slug\n\nMakes names for addresses.\n');
  write('.gitignore', 'node_modules\n');
  write('lib/slug.js', "module.exports = (text) => text.trim().toLowerCase().replace(/[^a-z0-9]+/g, '-');\n");
  write(
    'test/slug.test.js',
    "const test = require('node:test');\nconst assert = require('node:assert');\nconst slug = require('../lib/slug.js');\ntest('words are joined', () => assert.equal(slug(' A Bee '), 'a-bee'));\n",
  );
  const good = commit('words are joined');
  write('lib/slug.js', "module.exports = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, '-');\n");
  return { good, bad: commit('no need to trim') };
}

/** All texts in the files below a folder, by their paths. */
const filesBelow = (folder: string): [string, string][] =>
  readdirSync(folder, { withFileTypes: true, recursive: true }).flatMap((entry) =>
    entry.isFile()
      ? [[join(entry.parentPath, entry.name), readFileSync(join(entry.parentPath, entry.name), 'latin1')] as [string, string]]
      : [],
  );

describe("Strider's plugins", () => {
  let folder: Awaited<ReturnType<typeof tempDir>>;
  let server: Awaited<ReturnType<typeof serveGit>>;
  let skep: TestQueen;
  let drone: Awaited<ReturnType<typeof startDrone>>;
  let commits: ReturnType<typeof makeProject>;
  const logged: string[] = [];

  beforeAll(async () => {
    folder = await tempDir();
    commits = makeProject(join(folder.path, 'slug'));
    server = await serveGit(folder.path, `bee:${PASSWORD}`);
    skep = await TestQueen.start();
    const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
    drone = await startDrone(skep.url, { plugins, log, name: 'linux-1' });
  });
  afterAll(async () => {
    await drone?.[Symbol.asyncDispose]();
    await skep?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
  });

  const build = (commit: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
    project: 'bees/slug',
    job_type: 'TEST&DEPLOY',
    repo: { url: `${server.url}/slug/.git`, auth: { type: 'https', username: 'bee', password: PASSWORD } },
    ref: { branch: 'main', id: commit },
    plugins: ['git', 'env', 'node', 'custom'],
    config: {
      env: { STAGE: 'spring' },
      node: { test: 'npm test' },
      custom: {
        environment: 'echo in $STAGE',
        prepare: 'test -f package.json\necho <%= ref.branch %> of <%= project.name %>',
        deploy: 'echo deploying $STRIDER_COMMIT',
        cleanup: 'git config remote.origin.url',
      },
    },
    ...more,
  });

  /** Runs a job. @returns it, and every event that the queen keeps of it */
  async function run(job: Record<string, unknown>): Promise<{ info: JobInfo; events: [string, ...unknown[]][] }> {
    const id = await skep.submit(job);
    const info = await skep.done(id);
    const caller = await skep.caller();
    await caller.ask('job:watch', id, 0);
    await caller.hears('job:done');
    const events = caller.heard.filter(([name, of]) => name.startsWith('job:') && name !== 'job:summary' && of === id);
    return { info, events: events.map(([name, , ...args]) => [name, ...args]) };
  }

  /** What happened, in order, without times and output. */
  const storyOf = (events: [string, ...unknown[]][]): string[] =>
    events.flatMap(([name, ...args]) => {
      if (name === 'job:phase') return [`== ${args[0]}`];
      if (name === 'job:cmd:start') return [`$ ${args[1]}`];
      if (name === 'job:cmd:done') return [`-> ${args[1]}`];
      if (name === 'job:tested' || name === 'job:deployed' || name === 'job:errored') return [`${name} ${JSON.stringify(args[0])}`];
      if (name === 'job:plugin') return [`${args[0]} ${args[1]} ${JSON.stringify((args[2] as { data?: unknown }).data ?? args[2])}`];
      return [];
    });

  test('are reported by the drone', () => {
    expect([...(drone.info.plugins ?? [])].sort()).toEqual(['custom', 'env', 'git', 'node', 'python', 'ruby']);
  });

  test('build, test and deploy a project: all is told in order, and the password nowhere', async () => {
    const { info, events } = await run(build(commits.good));
    expect(info).toMatchObject({ outcome: 'passed', testCode: 0, deployCode: 0, output: { state: 'complete' } });
    const url = `http://[username]:[password]@${new URL(server.url).host}/slug/.git`;
    expect(storyOf(events)).toEqual([
      '== environment',
      '$ sh -e -x -c echo in $STAGE',
      '-> 0',
      'custom data {"environmentCmd":"passed"}',
      '== prepare',
      `$ git clone --recursive ${url} . --branch main`,
      '-> 0',
      `$ git checkout --quiet --force ${commits.good}`,
      '-> 0',
      'node data {"doTest":true}',
      '$ npm install',
      '-> 0',
      expect.stringContaining('$ sh -e -x -c test -f package.json\necho main of bees/slug'),
      '-> 0',
      'custom data {"prepareCmd":"passed"}',
      '== test',
      '$ npm test',
      '-> 0',
      'node data {"testCmd":"passed"}',
      'job:tested 0',
      '== deploy',
      '$ sh -e -x -c echo deploying $STRIDER_COMMIT',
      '-> 0',
      'custom data {"deployCmd":"passed"}',
      'job:deployed 0',
      '== cleanup',
      '$ sh -e -x -c git config remote.origin.url',
      '-> 0',
      'custom data {"cleanupCmd":"passed"}',
    ]);
    const output = await (await fetch(`${skep.url}/api/jobs/${info.id}/output`)).text();
    expect(output).toContain('in spring\n');
    expect(output).toContain(`deploying ${commits.good}\n`);
    // What git itself was given stands in its configuration: a command that prints it prints a mask.
    expect(output).toContain(`http://bee:●●●@${new URL(server.url).host}/slug/.git\n`);
    for (const text of [JSON.stringify(info), JSON.stringify(events), output, ...logged]) expect(text).not.toContain(PASSWORD);
    for (const [path, text] of filesBelow(drone.dataDir)) expect([path, text.includes(PASSWORD)]).toEqual([path, false]);
    expect(server.requests.some((request) => request.startsWith('Basic'))).toBe(true);
  });

  test('fail a build with the code of what failed, deploy nothing, and clean up', async () => {
    const { info, events } = await run(build(commits.bad));
    expect(info).toMatchObject({ outcome: 'failed', reason: 'exit 1', testCode: 1, deployCode: null });
    const story = storyOf(events);
    expect(story.slice(story.indexOf('== test'))).toEqual([
      '== test',
      '$ npm test',
      '-> 1',
      'node data {"testCmd":"failed"}',
      'job:tested 1',
      '== cleanup',
      '$ sh -e -x -c git config remote.origin.url',
      '-> 0',
      'custom data {"cleanupCmd":"passed"}',
    ]);
  });

  test('end a build as errored whose sources are not there, or whose script cannot be made', async () => {
    const none = await run(build('main', { ref: { branch: 'autumn' } }));
    expect(none.info).toMatchObject({ outcome: 'errored', reason: 'checkout-failed' });
    const broken = await run(build(commits.good, { config: { custom: { test: '<%= nobody %>' } } }));
    expect(broken.info).toMatchObject({ outcome: 'errored', reason: 'plugin-failed' });
    const next = await run(build(commits.good));
    expect(next.info.outcome).toBe('passed');
  });
});
