import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { commands } from '../src/commands/index.js';
import { candidatesFor } from '../src/completion/candidates.js';
import { type Fleet, serverOf, startFleet } from './helpers/startFleet.js';

describe('the commands', () => {
  test('a job is submitted, waited for, listed, shown, read and retried', async () => {
    await using fleet = await startFleet({ capacities: [2] });
    const out = async (...args: string[]): Promise<string> => {
      const { stdout, stderr, exitCode } = await fleet.skep(args);
      if (exitCode !== 0) throw new Error(`skep ${args.join(' ')}: ${exitCode}: ${stderr}`);
      return String(stdout);
    };
    await writeFile(
      join(fleet.folder, 'job.yaml'),
      'id: mine\nproject: web\nphases:\n  test:\n    - echo one; echo two >&2\n    - echo three\n',
    );
    expect(await out('submit', 'job.yaml')).toBe('mine\n');
    expect(await out('wait', 'mine')).toBe('mine  passed\n');
    expect(await out('jobs', '--project', 'web')).toMatch(/^JOB +STATUS .*\nmine +passed +d0 /);
    expect(JSON.parse(await out('jobs', '--json'))).toMatchObject({ id: 'mine', outcome: 'passed' });
    expect(await out('show', 'mine')).toMatch(/^status +passed$/m);
    expect(await out('logs', 'mine')).toBe('one\ntwo\nthree\n');
    expect(await out('logs', 'mine', '--lines', '2-2')).toBe('two\n');
    expect(await out('logs', 'mine', '--cmd', '1')).toBe('three\n');
    expect(await out('logs', 'mine', '--stream', 'stderr')).toBe('two\n');
    expect(await out('logs', 'mine', '--tail', '1')).toBe('three\n');
    expect(await out('logs', 'mine', '-f', '--timestamps')).toMatch(/^\d{4}-\S+Z one\n\d{4}-\S+Z two\n\d{4}-\S+Z three\n$/);
    const again = (await out('retry', 'mine')).trim();
    expect(again).not.toBe('mine');
    await out('wait', again);
    expect(await out('drones')).toMatch(/^d0 +idle +10 +0\/2 /m);
    await out('drain', 'd0', '--reason', 'new disk');
    expect(await out('drones')).toMatch(/draining .*new disk$/m);
    await out('run', '--detach', '--id', 'later', '--', 'true');
    expect(await fleet.skep(['priority', 'later', '-3'])).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/priority -3; queued/),
    });
    await out('cancel', 'later');
    expect(await fleet.skep(['priority', 'later', '3'])).toMatchObject({ exitCode: 6, stderr: expect.stringContaining('later is done') });
    await out('resume', 'd0');
    expect(await fleet.skep(['forget', 'd0'])).toMatchObject({ exitCode: 6, stderr: expect.stringContaining('Drone d0 is connected') });
    expect(await out('__complete', '--', 'show', '')).toContain('mine\n');
    expect(await out('__complete', '--', 'drain', 'd')).toBe('d0\n');
    expect(await out('token', 'add', 'builder')).toMatch(/^skep_\S+\n$/);
    expect(await out('token', 'ls')).toMatch(/^builder +drone +\d/);
    await out('token', 'rm', 'builder');
  });

  test('what is followed goes on to the end of the job', async () => {
    await using fleet = await startFleet({ capacities: [1] });
    await fleet.skep(['run', '--detach', '--id', 'slow', '--', 'echo first; while [ ! -e go ]; do sleep 0.05; done; echo last']);
    const following = fleet.skep(['logs', '-f', 'slow'], { buffer: true });
    await serverOf(following);
    await new Promise<void>((resolve) => following.stdout?.once('data', () => resolve()));
    await fleet.skep(['cancel', 'slow']);
    expect(await following).toMatchObject({ exitCode: 0, stdout: 'first\n' });
  });

  test('a token is asked for on other addresses than loopback', async () => {
    await using fleet = await startFleet();
    const queen = serverOf(fleet.skep(['queen', '--host', '0.0.0.0', '--port', '0', '--data', join(fleet.folder, 'open')]));
    const [, port] = await queen.said(/ready at http:\/\/0\.0\.0\.0:(\d+)/);
    const [, token = ''] = await queen.said(/token, shown only this once: (\S+)/);
    const url = `http://127.0.0.1:${port}`;
    expect(await fleet.skep(['jobs', '--queen', url])).toMatchObject({ exitCode: 4, stderr: expect.stringMatching(/try: .*SKEP_TOKEN/) });
    expect(await fleet.skep(['jobs', '--queen', url], { env: { SKEP_TOKEN: token } })).toMatchObject({ exitCode: 0 });
    queen.process.kill('SIGTERM');
    expect((await queen.process).exitCode).toBe(0);
  });

  test('servers say clearly why they cannot start', async () => {
    await using fleet = await startFleet();
    const { port } = new URL(fleet.url);
    expect(await fleet.skep(['queen', '--port', port, '--data', join(fleet.folder, 'other')])).toMatchObject({
      stderr: expect.stringMatching(/error: Port \d+ of 127\.0\.0\.1 is taken/),
    });
    expect(await fleet.skep(['queen', '--port', '0', '--data', join(fleet.folder, 'queen')])).toMatchObject({ exitCode: 6 });
    await writeFile(join(fleet.folder, 'file'), '');
    expect(await fleet.skep(['queen', '--port', '0', '--data', join(fleet.folder, 'file', 'x')])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/data folder .* cannot be made/),
    });
  });

  test('a drone that looks for its queen says so, and leaves when it is told to', async () => {
    await using fleet = await startFleet();
    const drone = serverOf(fleet.skep(['drone', '--queen', 'http://127.0.0.1:9', '--speed', '1', '--data', join(fleet.folder, 'lonely')]));
    await drone.said(/no queen answers at http:\/\/127\.0\.0\.1:9 yet/);
    drone.process.kill('SIGTERM');
    expect((await drone.process).exitCode).toBe(0);
  });

  test('a drone keeps to the limits that it was started with', async () => {
    const droneFlags = ['--max-output', '2000', '--executor-max-attempts', '1'];
    await using fleet = await startFleet({ capacities: [1], droneFlags });
    const pids = new Set<string>();
    for (const _ of [1, 2]) {
      const { stdout, stderr } = await fleet.skep(['run', '-q', '--no-repo', '--', 'echo $PPID; seq 1000']);
      expect(stderr).toMatch(/bytes of output left out here: over the limit of 2000\]/);
      expect(String(stdout)).toMatch(/^\d+\n1\n2\n[\s\S]*\n1000\n$/);
      expect(String(stdout).length).toBeLessThan(2000);
      pids.add(String(stdout).split('\n', 1)[0] ?? '');
    }
    const { jobs } = (await (await fetch(`${fleet.url}/api/jobs?limit=1`)).json()) as { jobs: { id: string }[] };
    expect((await fleet.skep(['logs', jobs[0]?.id ?? ''])).stderr).toMatch(
      /line \d+ stands for [\d,]+ bytes that were left out: beyond maxOutput of 2,000 bytes/,
    );
    // Each ran in an executor of its own.
    expect(pids.size).toBe(2);
  });

  test('config prints every setting and where it is from', async () => {
    await using fleet = await startFleet();
    await writeFile(join(fleet.folder, 'skep.config.yaml'), 'name: here\n');
    const { stdout } = await fleet.skep(['config', '--json', '--token', 'x'], { env: { SKEP_PORT: '80' } });
    expect(JSON.parse(String(stdout))).toMatchObject({
      name: { value: 'here', from: expect.stringContaining('skep.config.yaml') },
      port: { value: 80, from: 'SKEP_PORT' },
      token: { value: '●●●', from: '--token' },
      lostAfter: { value: 60, from: 'default' },
    });
  });

  test('a reader that leaves early is no error to complain about', async () => {
    await using fleet = await startFleet({ capacities: [1] });
    await fleet.skep(['run', '-q', '--id', 'big', '--', 'seq 200000']);
    const reading = fleet.skep(['logs', 'big']);
    reading.stdout?.once('data', () => reading.stdout?.destroy());
    const { stderr, exitCode } = await reading;
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 141 });
  });
});

describe('a command that fails', () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await startFleet();
    await fleet.skep(['run', '--detach', '--id', 'waits', '--', 'true']);
  });
  afterAll(async () => fleet[Symbol.asyncDispose]());

  test.each<[string, string[], number, RegExp]>([
    ['an unknown job', ['show', 'nope'], 5, /error: There is no job nope/],
    ['an unknown command', ['lgos'], 2, /error: unknown command 'lgos'\ntry: skep logs/],
    ['an unknown flag', ['jobs', '--limt', '3'], 2, /try: skep jobs --limit/],
    ['a missing argument', ['show'], 2, /error: missing required argument 'job'/],
    ['a value of the wrong kind', ['jobs', '--limit', 'many'], 2, /--limit many is not a number/],
    ['a job that is not done', ['retry', 'waits'], 6, /JOB_NOT_DONE|not done/],
    ['a file that is not there', ['submit', 'none.yaml'], 1, /none\.yaml cannot be read/],
  ])('%s: its exit code and what to do', async (_, args, code, words) => {
    const { exitCode, stderr } = await fleet.skep(args);
    expect({ exitCode, stderr }).toEqual({ exitCode: code, stderr: expect.stringMatching(words) });
    expect(stderr).toMatch(/^try: /m);
  });
});

test.each<[string[], string[]]>([
  [['lo'], ['logs', 'login', 'logout']],
  [['run', '--on-interrupt', 'd'], ['detach']],
  [['completion', 'z'], ['zsh']],
  [['run', '--', '--'], []],
  [['jobs', '--out'], ['--outcome']],
])('after %j comes %j', (words, found) => expect(candidatesFor(words, commands)).toEqual({ words: found }));

test('docs/cli.md names every command and every flag', async () => {
  const page = await readFile(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
  for (const { usage, options = [], isHidden } of commands) {
    if (isHidden) continue;
    expect(page).toContain(`skep ${usage}`);
    for (const { flags } of options) expect(page).toContain(flags);
  }
});
