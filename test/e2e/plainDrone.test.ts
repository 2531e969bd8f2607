import { describe, expect, test } from '@jest/globals';
import type { JobInfo } from '@skep/protocol';
import type { Peer } from '../helpers/Peer.js';
import { TestQueen } from '../helpers/startQueen.js';
import { until } from '../helpers/until.js';

/** A queen, one plain drone, one job that the drone was given, and a browser that watches it. */
async function oneJob(job: Record<string, unknown> = {}): Promise<{ skep: TestQueen; drone: Peer; browser: Peer; id: string }> {
  const skep = await TestQueen.start();
  const drone = await skep.drone();
  const id = await skep.submit(job);
  await drone.hears('queue:new');
  const browser = await skep.caller();
  await browser.ask('job:watch', id);
  return { skep, drone, browser, id };
}

/** Says each event of the job, in order. */
const report = (drone: Peer, id: string, events: [string, ...unknown[]][]): void => {
  for (const [event, ...args] of events) drone.say(event, id, ...args);
};

/** The job once so many of its events are durable. */
const after = (skep: TestQueen, id: string, events: number): Promise<JobInfo> =>
  until(async () => {
    const info = await skep.info(id);
    return info.cursor >= events && info;
  });

describe('a plain drone', () => {
  test('is asked what it is when it connects', async () => {
    await using skep = await TestQueen.start();
    const drone = await skep.drone();
    await drone.hears('drone:query-info');
  });

  test('is kept with what it says of itself', async () => {
    await using skep = await TestQueen.start();
    const browser = await skep.caller();
    await browser.ask('queue:watch');
    await skep.drone({
      id: 'd1',
      name: 'linux-1',
      speed: 7,
      capacity: 3,
      labels: { os: 'linux' },
      plugins: ['node'],
      handlers: ['resize'],
    });
    const [joined] = await browser.hears('drone:joined');
    expect(joined).toMatchObject({
      id: 'd1',
      name: 'linux-1',
      speed: 7,
      capacity: 3,
      labels: { os: 'linux' },
      plugins: ['node'],
      handlers: ['resize'],
      state: 'idle',
    });
  });

  test('is given a job with all that the caller gave, and its id under both names', async () => {
    const given = {
      id: 'job-1',
      job_type: 'TEST&DEPLOY',
      project: 'acme/site',
      repo: { url: 'https://example.org/x.git', auth: { type: 'https', username: 'u', password: 'p' }, vcs: 'git' },
      ref: { branch: 'main', id: 'abc' },
      trigger: { type: 'manual', author: { name: 'A' }, timestamp: 5 },
      phases: { environment: { env: { A: '1' } }, test: ['make', { command: 'make', args: ['x y'], screencmd: 'make it' }] },
      data: { nested: [1, { two: null }] },
      secrets: { TOKEN: 'hush' },
      something_else: { kept: true },
    };
    const { skep, drone, id } = await oneJob(given);
    await using _ = skep;
    expect(id).toBe('job-1');
    const [job] = await drone.hears('queue:new');
    expect(job).toEqual({
      ...given,
      job_id: 'job-1',
      ticket: expect.stringMatching(/^skept_/),
      attempt: 1,
      lease: expect.any(Number),
      assigned: expect.any(Number),
    });
  });

  test('is heard by browsers event by event, in order', async () => {
    const { skep, drone, browser, id } = await oneJob();
    await using _ = skep;
    const events: [string, ...unknown[]][] = [
      ['job:queued', 1],
      ['job:started', 2],
      ['job:phase', 'test', 3],
      ['job:cmd:start', 0, 'make', 'make it'],
    ];
    report(drone, id, events);
    await browser.hears('job:cmd:start');
    const seen = browser.heard.filter(([event]) => events.some(([name]) => name === event));
    expect(seen).toEqual([
      ['job:queued', id, 1],
      ['job:started', id, 2],
      ['job:phase', id, 'test', 3],
      ['job:cmd:start', id, 0, 'make it', 'make it'],
    ]);
  });

  test('that falls silent dies once', async () => {
    await using skep = await TestQueen.start({ silenceMs: 200 });
    const browser = await skep.caller();
    await browser.ask('queue:watch');
    const drone = await skep.drone({ name: 'quiet' });
    drone.socket.io.reconnection(false);
    await browser.hears('drone:died');
    await until(() => !drone.socket.connected);
    expect(browser.all('drone:died')).toHaveLength(1);
  });

  test('lives on as long as it says so', async () => {
    await using skep = await TestQueen.start({ silenceMs: 300 });
    const browser = await skep.caller();
    await browser.ask('queue:watch');
    const drone = await skep.drone();
    const begin = Date.now();
    await until(() => {
      drone.say('drone:keep-alive');
      return Date.now() - begin > 1200;
    });
    expect(browser.all('drone:died')).toEqual([]);
    expect(drone.socket.connected).toBe(true);
  });

  test('has its times and durations kept', async () => {
    const { skep, drone, id } = await oneJob({ job_type: 'TEST&DEPLOY' });
    await using _ = skep;
    report(drone, id, [
      ['job:queued', 1],
      ['job:started', 2],
      ['job:tested', 0, 3],
      ['job:deployed', 0, 5],
      ['job:done', 10],
    ]);
    expect(await skep.done(id)).toMatchObject({
      queued: 1,
      started: 2,
      finished: 10,
      testCode: 0,
      testTime: 1,
      deployCode: 0,
      deployTime: 2,
      outcome: 'passed',
    });
  });

  test('has its codes kept', async () => {
    const { skep, drone, id } = await oneJob({ job_type: 'TEST&DEPLOY' });
    await using _ = skep;
    report(drone, id, [
      ['job:started', 2],
      ['job:tested', 10, 3],
      ['job:deployed', 25, 5],
      ['job:done', 10],
    ]);
    expect(await skep.done(id)).toMatchObject({ testCode: 10, deployCode: 25, outcome: 'failed', exitCode: 10 });
  });

  test('may say something before its first command: it is kept and comes first', async () => {
    const { skep, drone, id } = await oneJob();
    await using _ = skep;
    report(drone, id, [
      ['job:stdout', 'warming up\n'],
      ['job:cmd:start', 0, 'make'],
      ['job:cmd:stdout', 0, 'made\n'],
    ]);
    const { cmds } = await after(skep, id, 3);
    expect(cmds).toMatchObject([
      { cmd: '[initializing]', out: 'warming up\n' },
      { num: 0, cmd: 'make', out: 'made\n' },
    ]);
  });

  test('has the two outputs of a command kept apart', async () => {
    const { skep, drone, id } = await oneJob();
    await using _ = skep;
    report(drone, id, [
      ['job:cmd:start', 0, 'make'],
      ['job:cmd:stdout', 0, 'one '],
      ['job:cmd:stderr', 0, 'bad '],
      ['job:cmd:stdout', 0, 'two'],
      ['job:cmd:stderr', 0, 'worse'],
    ]);
    expect((await after(skep, id, 5)).cmds).toMatchObject([{ out: 'one two', err: 'bad worse' }]);
  });

  test('has its general text added to the command that runs', async () => {
    const { skep, drone, id } = await oneJob();
    await using _ = skep;
    report(drone, id, [
      ['job:cmd:start', 0, 'first'],
      ['job:cmd:done', 0, 0],
      ['job:cmd:start', 1, 'second'],
      ['job:cmd:stdout', 1, 'own '],
      ['job:stdout', 'general'],
      ['job:stderr', 'bad'],
    ]);
    expect((await after(skep, id, 6)).cmds).toMatchObject([
      { cmd: 'first', out: '' },
      { cmd: 'second', out: 'own general', err: 'bad' },
    ]);
  });

  test("has a command's exit code kept, and it decides the outcome where no phase has a code", async () => {
    const { skep, drone, id } = await oneJob();
    await using _ = skep;
    report(drone, id, [
      ['job:cmd:start', 0, 'make'],
      ['job:cmd:done', 0, 5],
      ['job:done', 10],
    ]);
    const info = await skep.done(id);
    expect(info.cmds).toMatchObject([{ exitCode: 5 }]);
    expect(info).toMatchObject({ outcome: 'failed', exitCode: 5, reason: 'exit 5' });
  });

  test.each([
    ['a job that it does not hold', ['job:started', 'no-such-job', 1], 'NOT_YOUR_JOB'],
    ['a command that it has not started', ['job:cmd:stdout', 'job-1', 7, 'text'], 'COMMAND_NOT_FOUND'],
    ['a command that never was, as done', ['job:cmd:done', 'job-1', 7, 0], 'COMMAND_NOT_FOUND'],
    ['a phase that there is not', ['job:phase', 'job-1', 'lunch', 1], 'INVALID_MESSAGE'],
    ['an event that there is not', ['job:lunch', 'job-1'], 'UNKNOWN_EVENT'],
    ['an inherited name', ['constructor', 'job-1'], 'UNKNOWN_EVENT'],
  ])('that speaks of %s gets a named error, and nothing else happens', async (_what, message, code) => {
    const { skep, drone, browser } = await oneJob({ id: 'job-1' });
    await using _ = skep;
    const [event = '', ...args] = message as [string, ...unknown[]];
    drone.say(event, ...args);
    expect(await drone.hears('error:invalid')).toEqual([event, expect.objectContaining({ code, message: expect.any(String) })]);
    report(drone, 'job-1', [['job:started', 2]]);
    await browser.hears('job:started');
    expect(browser.heard.map(([name]) => name).filter((name) => name !== 'job:summary')).toEqual(['job:started']);
  });
});
