import { describe, expect, test } from '@jest/globals';
import type { Peer } from '../helpers/Peer.js';
import { TestQueen } from '../helpers/startQueen.js';
import { until } from '../helpers/until.js';

/** The ids of the jobs a drone was given. */
const jobsOf = (drone: Peer): unknown[] => drone.all('queue:new').map(([job]) => (job as { id: string }).id);

describe('a job', () => {
  test('goes to the fastest drone with a free slot, and to the next when that is full', async () => {
    await using skep = await TestQueen.start();
    const slow = await skep.drone({ name: 'slow', speed: 1 });
    const fast = await skep.drone({ name: 'fast', speed: 5 });
    await skep.submit({ id: 'first' });
    await skep.submit({ id: 'second' });
    await slow.hears('queue:new');
    expect([jobsOf(fast), jobsOf(slow)]).toEqual([['first'], ['second']]);
  });

  test('waits for the drone with the shortest queue for its capacity when all are full', async () => {
    await using skep = await TestQueen.start();
    await skep.drone({ id: 'a', speed: 9, capacity: 2, labels: { a: 'yes' } });
    await skep.drone({ id: 'b', speed: 1, capacity: 4, labels: { b: 'yes' } });
    // 3 jobs on a, 5 on b.
    for (let i = 0; i < 3; i++) await skep.submit({ requires: { labels: { a: 'yes' } } });
    for (let i = 0; i < 5; i++) await skep.submit({ requires: { labels: { b: 'yes' } } });
    const id = await skep.submit();
    expect((await skep.info(id)).waiting).toEqual({ reason: 'all-busy', position: 3, drone: 'b' });
  });

  test('waits at the queen: another drone that frees a slot first gets it', async () => {
    await using skep = await TestQueen.start();
    const a = await skep.drone({ id: 'a', speed: 1 });
    const b = await skep.drone({ id: 'b', speed: 2 });
    await skep.submit({ id: 'on-b' });
    await skep.submit({ id: 'on-a' });
    await skep.submit({ id: 'waits' });
    expect((await skep.info('waits')).waiting).toMatchObject({ reason: 'all-busy', drone: 'b' });
    a.say('job:done', 'on-a', 1);
    await a.hears('queue:new', 2);
    expect([jobsOf(a), jobsOf(b)]).toEqual([['on-a', 'waits'], ['on-b']]);
  });

  test('waits while there is no drone, and goes out on the first drone:info', async () => {
    await using skep = await TestQueen.start();
    const id = await skep.submit();
    expect(await skep.info(id)).toMatchObject({ status: 'queued', waiting: { reason: 'no-drone' } });
    const drone = await skep.drone();
    await drone.hears('queue:new');
    expect(jobsOf(drone)).toEqual([id]);
  });

  test('says which of its requirements no drone meets', async () => {
    await using skep = await TestQueen.start();
    await skep.drone({ labels: { os: 'linux' }, speed: 10 });
    const id = await skep.submit({ job_type: 'resize', requires: { labels: { os: 'beos' }, minSpeed: 100 } });
    const { waiting } = await skep.info(id);
    expect(waiting).toMatchObject({ reason: 'unmet-requirements' });
    expect(new Set((waiting as { which: string[] }).which)).toEqual(new Set(['labels.os=beos', 'handlers.resize', 'minSpeed=100']));
  });

  test('of higher priority goes first, then first come first served', async () => {
    await using skep = await TestQueen.start();
    for (const [id, priority] of [
      ['low', -1],
      ['first', 0],
      ['second', 0],
      ['urgent', 7],
    ] as const)
      await skep.submit({ id, priority });
    const drone = await skep.drone();
    const order = ['urgent', 'first', 'second', 'low'];
    for (const [index, id] of order.entries()) {
      await drone.hears('queue:new', index + 1);
      drone.say('job:done', id, 1);
    }
    expect(jobsOf(drone)).toEqual(order);
  });

  test('of an id that is known is the same job, however often and however fast it is submitted', async () => {
    await using skep = await TestQueen.start();
    const drone = await skep.drone({ capacity: 5 });
    const caller = await skep.caller();
    const answers = await Promise.all(Array.from({ length: 5 }, () => caller.ask('queue:new', { id: 'once' })));
    expect(answers).toEqual(Array(5).fill({ id: 'once' }));
    drone.say('job:done', 'once', 1);
    await skep.done('once');
    await caller.ask('queue:new', { id: 'once' });
    expect(jobsOf(drone)).toEqual(['once']);
  });

  test('is not given to a drone that drains, and says so', async () => {
    await using skep = await TestQueen.start();
    const drone = await skep.drone({ id: 'd', name: 'linux-1' });
    const drain = await fetch(`${skep.url}/api/drones/linux-1/drain`, { method: 'POST' });
    expect(drain.status).toBe(200);
    const id = await skep.submit();
    expect((await skep.info(id)).waiting).toMatchObject({ reason: 'paused' });
    await fetch(`${skep.url}/api/drones/linux-1/resume`, { method: 'POST' });
    await drone.hears('queue:new');
  });

  test('that cannot be run on one drone again and again leads to its quarantine', async () => {
    await using skep = await TestQueen.start();
    const drone = await skep.drone({ id: 'd' });
    for (let i = 1; i <= 3; i++) {
      const id = await skep.submit();
      await drone.hears('queue:new', i);
      drone.say('job:errored', id, { code: 'no-disk', message: 'the disk is gone' }, 1);
      expect(await skep.done(id)).toMatchObject({ outcome: 'errored', reason: 'no-disk', error: { message: 'the disk is gone' } });
    }
    const id = await skep.submit();
    const { drones } = (await (await fetch(`${skep.url}/api/drones`)).json()) as { drones: { state: string }[] };
    expect(drones).toMatchObject([{ state: 'quarantined' }]);
    expect((await skep.info(id)).waiting).toMatchObject({ reason: 'paused' });
  });

  test('of a drone without an id is lost with it, and tried once more', async () => {
    await using skep = await TestQueen.start();
    const first = await skep.drone();
    const id = await skep.submit();
    await first.hears('queue:new');
    first.say('job:started', id, 1);
    await until(async () => (await skep.info(id)).status === 'running');
    first.socket.disconnect();
    await until(async () => (await skep.info(id)).waiting?.reason === 'not-before');
    const second = await skep.drone();
    await second.hears('queue:new');
    second.say('job:done', id, 1);
    const info = await skep.done(id);
    expect(info.attempts).toMatchObject([
      { attempt: 1, outcome: 'lost', output: { state: 'partial' } },
      { attempt: 2, outcome: 'passed' },
    ]);
  });
});

describe('a cancel', () => {
  test('of a job that waits ends it at once', async () => {
    await using skep = await TestQueen.start();
    const id = await skep.submit();
    const caller = await skep.caller();
    await caller.ask('job:watch', id);
    expect(await caller.ask('job:cancel', id, 'not needed')).toEqual({ status: 'done' });
    expect(await skep.info(id)).toMatchObject({ status: 'done', outcome: 'cancelled', reason: 'not needed' });
    await caller.hears('job:done');
  });

  test('of a job that runs is told to its drone, whose word ends it', async () => {
    await using skep = await TestQueen.start();
    const drone = await skep.drone();
    const id = await skep.submit();
    const caller = await skep.caller();
    expect(await caller.ask('job:cancel', id, 'too slow')).toEqual({ status: 'assigned' });
    expect(await drone.hears('job:cancel')).toEqual([id, 'too slow']);
    drone.say('job:errored', id, { code: 'cancelled', message: 'killed' }, 5);
    expect(await skep.done(id)).toMatchObject({ outcome: 'cancelled', confirmed: true });
  });

  test('of a job that there is not is a named error', async () => {
    await using skep = await TestQueen.start();
    const caller = await skep.caller();
    expect(await caller.ask('job:cancel', 'nobody')).toMatchObject({ error: { code: 'JOB_NOT_FOUND' } });
  });
});
