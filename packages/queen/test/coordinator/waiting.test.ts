import { describe, expect, test } from '@jest/globals';
import type { Job } from '@skep/protocol';
import type { Coordinator } from '../../src/coordinator/Coordinator.js';
import { aCoordinator, aDrone } from '../helpers/aCoordinator.js';
import { end, running } from '../helpers/endings.js';

/** A coordinator with a drone of so many slots. */
async function aFleet(capacity = 10) {
  const fleet = await aCoordinator();
  const link = await aDrone(fleet.coordinator);
  fleet.coordinator.droneInfo(link, { id: link.droneId, speed: 1, capacity });
  return { ...fleet, link };
}

/** What the store says became of a job. */
const endOf = async ({ store }: { store: Coordinator['store'] }, id: string) => {
  const { status, outcome, reason } = (await store.job(id))!;
  return { status, outcome, reason };
};

describe('of a group', () => {
  const build = (id: string): Job => ({ id, project: 'web', ref: { branch: 'main' } });

  test('one runs at a time, however fast they are submitted, and the others say why they wait', async () => {
    const { coordinator, link } = await aFleet();
    await Promise.all(['a', 'b', 'c'].map((id) => coordinator.submit(build(id))));
    await coordinator.submit({ ...build('d'), concurrency: false });
    await coordinator.submit({ ...build('e'), ref: { branch: 'next' } });
    expect(running(coordinator)).toEqual(['a', 'd', 'e']);
    expect(coordinator.waiting('b')).toEqual({ reason: 'group-full', group: 'web @ main' });
    await end(coordinator, link, 'a');
    expect(running(coordinator)).toEqual(['b', 'd', 'e']);
  });

  test('a place is kept while a drone is gone and over a restart of the queen, and taken again by a retry', async () => {
    const { coordinator, link, held, clock } = await aFleet();
    await Promise.all(['a', 'b'].map((id) => coordinator.submit(build(id))));
    coordinator.stop();
    const next = await aCoordinator(held, clock);
    // The drone that comes holds nothing of the other's.
    await aDrone(next.coordinator, 'another');
    expect(running(next.coordinator)).toEqual(['a']);
    expect(next.coordinator.waiting('b')).toMatchObject({ reason: 'group-full' });
    await next.coordinator.submit(build('c'));
    expect(running(next.coordinator)).toEqual(['a']);
    // Its drone stays away: an attempt that had not started goes to the other at once, and keeps its turn.
    clock.pass(60_000);
    expect(running(next.coordinator)).toEqual(['a']);
    expect(next.coordinator.jobs.get('a')?.attempt?.record).toMatchObject({ attempt: 2, droneId: 'another' });
    await end(next.coordinator, { ...link, droneId: 'another' }, 'a');
    expect(running(next.coordinator)).toEqual(['b']);
  });

  test('a job that waits out its back-off holds no place', async () => {
    const { coordinator, link, clock } = await aFleet();
    await coordinator.submit({ ...build('a'), retry: { failed: 1, backoff: 10 } });
    await coordinator.submit(build('b'));
    await end(coordinator, link, 'a', 1);
    expect(running(coordinator)).toEqual(['b']);
    clock.pass(10_000);
    expect(coordinator.waiting('a')).toMatchObject({ reason: 'group-full' });
    await end(coordinator, link, 'b');
    expect(running(coordinator)).toEqual(['a']);
  });
});

describe('a job that comes after others', () => {
  test('waits until all of them have passed', async () => {
    const { coordinator, link } = await aFleet();
    await coordinator.submit({ id: 'a' });
    await coordinator.submit({ id: 'b', retry: { failed: 1, backoff: 0.001 } });
    await coordinator.submit({ id: 'c', after: ['a', 'b', 'a'] });
    expect(coordinator.waiting('c')).toEqual({ reason: 'waiting-for-jobs', jobs: ['a', 'b'], count: 2 });
    await end(coordinator, link, 'a');
    await end(coordinator, link, 'b', 1);
    expect(coordinator.waiting('c')).toEqual({ reason: 'waiting-for-jobs', jobs: ['b'], count: 1 });
  });

  test('goes out with the end of the last of them, in one decision', async () => {
    const { coordinator, link } = await aFleet(1);
    await coordinator.submit({ id: 'a' });
    await coordinator.submit({ id: 'b', after: ['a'] });
    await end(coordinator, link, 'a');
    expect(running(coordinator)).toEqual(['b']);
  });

  test('is cancelled when one of them fails, and so is what comes after it', async () => {
    const { coordinator, link, held } = await aFleet();
    await coordinator.submit({ id: 'a' });
    await coordinator.submit({ id: 'other' });
    await coordinator.submit({ id: 'b', after: ['other', 'a'] });
    await coordinator.submit({ id: 'c', after: ['b'] });
    await end(coordinator, link, 'a', 1);
    expect(await endOf(held, 'b')).toEqual({ status: 'done', outcome: 'cancelled', reason: 'after a: failed' });
    expect(await endOf(held, 'c')).toEqual({ status: 'done', outcome: 'cancelled', reason: 'after b: cancelled' });
    expect(running(coordinator)).toEqual(['other']);
    await end(coordinator, link, 'other');
    expect(coordinator.behind.size).toBe(0);
  });

  test('is taken in when they are over already, and runs or is cancelled at once', async () => {
    const { coordinator, link, held } = await aFleet();
    await coordinator.submit({ id: 'good' });
    await coordinator.submit({ id: 'bad' });
    await end(coordinator, link, 'good');
    held.isHeld = true;
    const ending = end(coordinator, link, 'bad', 1);
    // The end is not durable yet: what comes after has to wait for it to know.
    const both = [coordinator.submit({ id: 'a', after: ['good'] }), coordinator.submit({ id: 'b', after: ['bad'] })];
    held.release();
    await Promise.all([ending, ...both]);
    expect(running(coordinator)).toEqual(['a']);
    expect(await endOf(held, 'b')).toEqual({ status: 'done', outcome: 'cancelled', reason: 'after bad: failed' });
  });

  test('can be cancelled while it waits', async () => {
    const { coordinator, link, held } = await aFleet();
    await coordinator.submit({ id: 'a' });
    await coordinator.submit({ id: 'b', after: ['a'] });
    expect(await coordinator.cancel('b', 'no need')).toEqual({ status: 'done' });
    expect(await endOf(held, 'b')).toMatchObject({ outcome: 'cancelled', reason: 'no need' });
    await end(coordinator, link, 'a');
    expect([coordinator.jobs.size, coordinator.behind.size]).toEqual([0, 0]);
  });

  test('still waits for them when the queen comes back, whichever of them ended meanwhile', async () => {
    const { coordinator, link, held, clock } = await aFleet();
    for (const id of ['a', 'b']) await coordinator.submit({ id });
    await coordinator.submit({ id: 'c', after: ['a', 'b'], timeout: { queue: 5 } });
    await end(coordinator, link, 'a');
    coordinator.stop();
    clock.pass(10_000);
    const next = await aCoordinator(held, clock);
    expect(next.coordinator.waiting('c')).toEqual({ reason: 'waiting-for-jobs', jobs: ['b'], count: 1 });
    next.coordinator.droneInfo(link, { id: link.droneId, speed: 1, capacity: 1 });
    await next.coordinator.droneResumes(link, [{ id: 'b', attempt: 1, lease: 2, cursor: 0 }]);
    await end(next.coordinator, link, 'b');
    expect(running(next.coordinator)).toEqual(['c']);
  });

  test('waits for a drone no longer than it says, counted from the last of them', async () => {
    const { coordinator, link, held, clock } = await aFleet(1);
    await coordinator.submit({ id: 'a' });
    await coordinator.submit({ id: 'picky', after: ['a'], requires: { labels: { os: 'mac' } }, timeout: { queue: 5 } });
    clock.pass(60_000);
    expect(coordinator.waiting('picky')).toMatchObject({ reason: 'waiting-for-jobs' });
    await end(coordinator, link, 'a');
    clock.pass(4000);
    expect(coordinator.waiting('picky')).toMatchObject({ reason: 'unmet-requirements' });
    clock.pass(1000);
    await coordinator.submit({ id: 'last' });
    expect(await endOf(held, 'picky')).toMatchObject({ outcome: 'timed-out' });
  });

  test('is refused where it would come after itself or after what there is not', async () => {
    const { coordinator, held } = await aFleet();
    await expect(coordinator.submit({ id: 'a', after: ['a'] })).rejects.toMatchObject({ code: 'AFTER_CIRCLE' });
    await expect(coordinator.submit({ id: 'a', after: ['b'] })).rejects.toMatchObject({ code: 'AFTER_UNKNOWN' });
    // So a circle of several cannot come about either: one of them is the first.
    const circle = [coordinator.submit({ id: 'a', after: ['b'] }), coordinator.submit({ id: 'b', after: ['a'] })];
    expect((await Promise.allSettled(circle)).every(({ status }) => status === 'rejected')).toBe(true);
    expect(coordinator.jobs.size).toBe(0);
    held.isHeld = true;
    const [first, second] = [coordinator.submit({ id: 'c' }), coordinator.submit({ id: 'd', after: ['c'] })];
    held.failWith(new Error('the disk is gone'));
    // Nothing may come after a job that was never stored.
    expect((await Promise.allSettled([first, second])).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  test('may be the last of ten thousand in a row, or one of ten thousand behind one', async () => {
    const { coordinator, link, held } = await aFleet(1);
    await coordinator.submit({ id: 'a' });
    await coordinator.submit({ id: 'chain-0', after: ['a'] });
    for (let n = 1; n < 10_000; n++) await coordinator.submit({ id: `chain-${n}`, after: [`chain-${n - 1}`] });
    await end(coordinator, link, 'a', 1);
    expect(await endOf(held, 'chain-9999')).toMatchObject({ outcome: 'cancelled', reason: 'after chain-9998: cancelled' });
    await coordinator.submit({ id: 'b' });
    await Promise.all(Array.from({ length: 10_000 }, (_, n) => coordinator.submit({ id: `fan-${n}`, after: ['b'] })));
    await end(coordinator, link, 'b');
    expect([coordinator.fleet.waiting, running(coordinator)]).toEqual([9999, ['fan-0']]);
  });
});

describe('by its priority', () => {
  test('a job goes before those that came earlier, and is told so, in the order that a restart keeps', async () => {
    const { coordinator, said, held, clock } = await aFleet(0);
    for (const id of ['a', 'b', 'c']) await coordinator.submit({ id });
    said.length = 0;
    await coordinator.setPriority('c', 5);
    expect(said).toEqual([['jobChanged', expect.objectContaining({ id: 'c', priority: 5 })]]);
    await coordinator.setPriority('c', 5);
    expect(said).toHaveLength(1);
    await coordinator.setPriority('a', -1);
    const next = await aCoordinator(held, clock);
    await aDrone(next.coordinator);
    expect(running(next.coordinator)).toEqual(['c']);
    expect(['b', 'a'].map((id) => next.coordinator.waiting(id))).toMatchObject([{ position: 1 }, { position: 2 }]);
  });

  test('one that runs has it for its next attempt, and one that is done is refused by name', async () => {
    const { coordinator, link, clock } = await aFleet(1);
    await coordinator.submit({ id: 'a', retry: { failed: 1, backoff: 1 } });
    await coordinator.submit({ id: 'b' });
    await coordinator.submit({ id: 'c' });
    await coordinator.setPriority('a', 1);
    await end(coordinator, link, 'a', 1);
    expect(running(coordinator)).toEqual(['b']);
    clock.pass(1000);
    await end(coordinator, link, 'b');
    expect(running(coordinator)).toEqual(['a']);
    await expect(coordinator.setPriority('b', 1)).rejects.toMatchObject({ code: 'JOB_DONE' });
    await expect(coordinator.setPriority('none', 1)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
  });
});
