import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { Peer } from '../helpers/Peer.js';
import { type StoredJob, StriderHost } from '../helpers/StriderHost.js';
import { startDrone } from '../helpers/startDrone.js';
import { TestQueen } from '../helpers/startQueen.js';
import { tempDir } from '../helpers/tempDir.js';
import { until } from '../helpers/until.js';

/** Waits for a file, so that a test says when the command goes on. */
const waitFor = (file: string) => `until [ -e ${file} ]; do sleep 0.05; done`;
const touch = (file: string) => writeFile(file, '');

describe("Strider's server with our runner", () => {
  test('a build that passes is told, shown and stored as Strider does it', async () => {
    await using queen = await TestQueen.start();
    await using _drone = await startDrone(queen.url);
    await using host = await StriderHost.start(queen.url);
    expect(host.all('ready')).toEqual([['skep']]);
    const id = host.build({ prepare: ['echo prepared'], test: ['printf "caf\\303\\251\\n"', 'echo warned >&2'] });
    const job = await host.done(id);
    expect(job).toMatchObject({ errored: false, test_exitcode: 0, deploy_exitcode: -1, std: { out: 'prepared\ncafé\n', err: 'warned\n' } });
    expect(job.phases?.test?.commands).toMatchObject([
      { command: 'printf "caf\\303\\251\\n"', out: 'café\n', exitCode: 0 },
      { command: 'echo warned >&2', out: '', exitCode: 0 },
    ]);
    expect(host.told(id)).toBe('prepared\ncafé\n');
    const names = host.statuses(id).map(([name]) => name);
    expect(names.slice(0, 3)).toEqual(['queued', 'started', 'phase.done']);
    const phases = host.statuses(id).flatMap(([name, said]) => (name === 'phase.done' ? [said] : []));
    expect(phases).toMatchObject([
      { phase: 'environment', next: 'prepare' },
      { phase: 'prepare', next: 'test', exitCode: 0 },
      { phase: 'test', next: 'cleanup', exitCode: 0, code: 0 },
      { phase: 'cleanup', exitCode: 0 },
    ]);
    expect(host.saves(id)).toEqual(['new', 'runner', 'started', 'job.done']);
    expect((await host.info(id))[0]).toBeNull();
    expect((await queen.info(id)).outcome).toBe('passed');
  });

  test('a build that fails, one that is refused and one that cannot be run', async () => {
    await using queen = await TestQueen.start();
    await using _drone = await startDrone(queen.url);
    await using host = await StriderHost.start(queen.url);
    const failing = host.build({ test: ['echo no; exit 3'] });
    const undeployed = host.build({ test: ['true'], deploy: ['exit 4'] }, 'TEST_AND_DEPLOY');
    const unprepared = host.build({ prepare: ['exit 5'], test: ['true'] });
    const refused = host.build({ test: [''] });
    const empty = host.build({});
    expect(await host.done(failing)).toMatchObject({ errored: false, test_exitcode: 3, std: { out: 'no\n' } });
    expect(await host.done(undeployed)).toMatchObject({ errored: false, test_exitcode: 0, deploy_exitcode: 4 });
    expect(await host.done(unprepared)).toMatchObject({ errored: false, test_exitcode: -1, phases: { prepare: { exitCode: 5 } } });
    expect(await host.done(refused)).toMatchObject({ errored: true, error: { message: expect.stringMatching(/not valid: phases/) } });
    expect(await host.done(empty)).toMatchObject({ errored: true, error: { message: 'errored: nothing-to-run' } });
    expect(host.saves(empty)).toEqual(['new', 'runner', 'started', 'job.errored']);
    expect(host.statuses(empty).at(-1)).toEqual(['errored', { message: 'errored: nothing-to-run' }]);
  });

  test('jobs are cancelled while they run, while they wait, and while the queen is away', async () => {
    await using queen = await TestQueen.start();
    await using drone = await startDrone(queen.url);
    await using host = await StriderHost.start(queen.url);
    const running = host.build({ test: ['echo here; sleep 600'] });
    await until(() => host.told(running) === 'here\n', 'the command runs');
    const waiting = host.build({ test: ['true'] });
    await until(async () => (await queen.info(waiting).catch(() => undefined))?.status === 'queued', 'the job waits');
    expect((await host.info(waiting))[1]).toEqual({ running: 1, queued: 1 });
    host.cancel(waiting);
    host.cancel(running);
    for (const id of [waiting, running]) {
      expect(await host.done(id)).toMatchObject({ errored: true, error: { message: 'Cancelled by the user' } });
      expect((await queen.done(id)).outcome).toBe('cancelled');
      expect(host.all('job.cancelled')).toContainEqual([id]);
    }
    await drone.stop();
    await queen.queen.close();
    const lonely = host.build({ test: ['true'] });
    await until(() => host.statuses(lonely).length > 0, 'the job is queued');
    host.cancel(lonely);
    expect(await host.done(lonely)).toMatchObject({ errored: true, error: { message: 'Cancelled by the user' } });
    await using again = await queen.restart();
    await until(async () => {
      const peer = await again.caller();
      const { error } = await peer.ask<{ error?: { code: string }; outcome?: string }>('job:query-info', lonely);
      return error?.code === 'JOB_NOT_FOUND' || (await again.info(lonely)).outcome === 'cancelled';
    }, 'nothing is left of it on the queen');
  });

  test('a queen that restarts in mid-job is found again, and nothing is told twice', async () => {
    await using folder = await tempDir();
    await using first = await TestQueen.start();
    await using _drone = await startDrone(first.url);
    await using host = await StriderHost.start(first.url);
    const go = `${folder.path}/go`;
    const id = host.build({ test: [`echo one; ${waitFor(go)}; echo two`] });
    await until(() => host.told(id) === 'one\n', 'the first line');
    await using _second = await first.restart();
    await touch(go);
    expect(await host.done(id)).toMatchObject({ errored: false, test_exitcode: 0, std: { out: 'one\ntwo\n' } });
    expect(host.told(id)).toBe('one\ntwo\n');
    expect(host.saves(id)).toEqual(['new', 'runner', 'started', 'job.done']);
  });

  test.each([
    ['asks for zombies', true],
    ['gives up what was not finished', false],
  ])('a server that restarts in mid-job and %s has its jobs again', async (_, asks) => {
    await using folder = await tempDir();
    await using queen = await TestQueen.start();
    await using _drone = await startDrone(queen.url);
    await using host = await StriderHost.start(queen.url);
    const go = `${folder.path}/go`;
    const id = host.build({ test: [`echo one; ${waitFor(go)}; echo two`] });
    await until(() => host.told(id) === 'one\n', 'the first line');
    await host.kill();
    await host.begin(asks);
    const copy = await until(async () => (await host.info(id))[0]?.std?.out === 'one\n' && (await host.info(id))[0], 'the copy is whole');
    expect(copy as StoredJob).toMatchObject({ phases: { test: { commands: [{ out: 'one\n' }] } } });
    await touch(go);
    expect(await host.done(id)).toMatchObject({ errored: false, test_exitcode: 0, std: { out: 'one\ntwo\n' } });
    expect(host.told(id)).toBe('one\ntwo\n');
    expect(host.saves(id)).toEqual(['new', 'runner', 'started', ...(asks ? [] : ['given up']), 'job.done']);
  });

  test('zombies are what the queen does not know; what ended meanwhile is stored', async () => {
    await using folder = await tempDir();
    await using queen = await TestQueen.start();
    await using _drone = await startDrone(queen.url);
    await using host = await StriderHost.start(queen.url);
    const go = `${folder.path}/go`;
    const known = host.build({ test: [`echo one; ${waitFor(go)}; exit 2`] });
    await until(() => host.told(known) === 'one\n', 'the first line');
    await host.kill();
    await touch(go);
    await queen.done(known);
    await host.begin(true);
    expect(await host.done(known)).toMatchObject({ errored: false, test_exitcode: 2, std: { out: 'one\n' } });
    await queen.queen.close();
    const lost = host.build({ test: ['true'] });
    await until(() => host.saves(lost).includes('runner'), 'the database has it');
    await host.kill();
    await using _again = await queen.restart();
    await host.begin(true);
    expect(await host.stored(lost)).toMatchObject({ errored: true });
    expect(host.saves(lost)).toEqual(['new', 'runner', 'zombie']);
    expect(host.saves(known).filter((why) => why === 'job.done')).toHaveLength(1);
  });

  test("what a drone's plugins say reaches Strider's pages; a second attempt begins anew; secrets stay unseen", async () => {
    await using queen = await TestQueen.start();
    await using host = await StriderHost.start(queen.url);
    await using drone = await Peer.connect(`${queen.url}/drone`);
    await drone.ask('drone:info', { speed: 1, capacity: 1, plugins: ['node', 'heroku'] });
    host.hand(
      {
        _id: 'a'.repeat(24),
        type: 'TEST_ONLY',
        ref: { branch: 'dev', id: 'c0ffee' },
        trigger: { type: 'commit', message: 'Fix', author: { name: 'A' } },
        project: { name: 'owner/plugins', provider: { id: 'github', account: 'x' } },
        providerConfig: { url: 'https://github.com/owner/plugins', auth: { type: 'https' } },
      },
      {
        plugins: [
          { id: 'node', enabled: true, config: { test: 'npm test' } },
          { id: 'slack', enabled: false, config: {} },
          { id: 'heroku', config: { api_key: 'very secret' } },
        ],
        runner: { id: 'skep', config: { retry: { failed: 1, backoff: 0.01 } } },
      },
    );
    const [given] = (await drone.hears('queue:new')) as [Record<string, unknown> & { id: string }];
    const { id } = given;
    expect(given).toMatchObject({
      plugins: ['node', 'heroku'],
      project: 'owner/plugins',
      job_type: 'TEST',
      config: { node: { test: 'npm test' }, heroku: { api_key: 'very secret' } },
      repo: { url: 'https://github.com/owner/plugins', provider: 'github', auth: { type: 'https', username: 'token' } },
      ref: { branch: 'dev', id: 'c0ffee' },
    });
    expect(JSON.stringify(await queen.info(id))).not.toMatch(/very secret|accessToken/);
    drone.say('job:started', id, 1);
    drone.say('job:phase', id, 'test', 2);
    drone.say('job:plugin', id, 'node', 'comment', 'hello');
    drone.say('job:plugin', id, 'node', 'data', { data: { passed: 1 }, method: 'extend', path: 'tests' });
    drone.say('job:plugin', id, '__proto__', 'data', { data: { polluted: true }, method: 'extend' });
    drone.say('job:plugin', id, 'node', 'warning', { title: 'nothing ran' });
    drone.say('job:plugin', id, 'node', 'started', 'never');
    drone.say('job:tested', id, 1, 3);
    drone.say('job:done', id, 4);
    await drone.hears('queue:new', 2);
    drone.say('job:started', id, 5);
    drone.say('job:phase', id, 'test', 6);
    drone.say('job:stdout', id, 'second\n');
    drone.say('job:tested', id, 0, 7);
    drone.say('job:done', id, 8);
    const job = await host.done(id);
    expect(job).toMatchObject({
      errored: false,
      test_exitcode: 0,
      plugin_data: { node: { tests: { passed: 1 } } },
      std: { out: 'second\n' },
    });
    expect(job).toMatchObject({ warnings: [{ title: 'nothing ran' }] });
    const comments = host.statuses(id).flatMap(([name, said]) => (name === 'command.comment' ? [said] : []));
    expect(comments).toMatchObject([
      { comment: 'hello', plugin: 'node' },
      { comment: 'Attempt 2 begins', plugin: 'skep' },
    ]);
    expect(host.saves(id).filter((why) => why === 'started')).toHaveLength(1);
  });
});
