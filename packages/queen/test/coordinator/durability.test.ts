import { describe, expect, test } from '@jest/globals';
import { type JobFrame, SkepError } from '@skep/protocol';
import { aCoordinator, aDrone, isSettled } from '../helpers/aCoordinator.js';

/** The first frame of the first attempt under the first lease. */
const aFrame = (changed: Partial<JobFrame> = {}): JobFrame => ({
  id: 'a',
  attempt: 1,
  lease: 1,
  seq: 0,
  events: [
    [0, 'job:started', 1],
    [1, 'job:stdout', 'hello\n'],
  ],
  ...changed,
});

describe('nothing is told before it is durable', () => {
  test('a job that is submitted twice at once is acknowledged twice, when it is stored', async () => {
    const { coordinator, held } = await aCoordinator();
    held.isHeld = true;
    const both = [coordinator.submit({ id: 'a' }), coordinator.submit({ id: 'a' })];
    expect(await Promise.all(both.map(isSettled))).toEqual([false, false]);
    held.release();
    expect(await Promise.all(both)).toEqual([{ id: 'a' }, { id: 'a' }]);
  });

  test('a frame that comes again while it is being stored is confirmed no sooner', async () => {
    const { coordinator, held } = await aCoordinator();
    const link = await aDrone(coordinator);
    await coordinator.submit({ id: 'a' });
    held.isHeld = true;
    const both = [coordinator.frame(link, aFrame()), coordinator.frame(link, aFrame())];
    expect(await Promise.all(both.map(isSettled))).toEqual([false, false]);
    held.release();
    expect(await Promise.all(both)).toEqual([2, 2]);
  });

  test('a frame that comes again and whose first copy cannot be stored is not confirmed either', async () => {
    const { coordinator, held } = await aCoordinator();
    const link = await aDrone(coordinator);
    await coordinator.submit({ id: 'a' });
    held.isHeld = true;
    const both = [coordinator.frame(link, aFrame()), coordinator.frame(link, aFrame())];
    held.failWith(new SkepError('STORE_FULL'));
    expect(await Promise.allSettled(both)).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  });

  test('a drone that comes back goes on from no cursor that is not stored', async () => {
    const { coordinator, held } = await aCoordinator();
    const link = await aDrone(coordinator);
    await coordinator.submit({ id: 'a' });
    held.isHeld = true;
    const frame = coordinator.frame(link, aFrame());
    const resumed = coordinator.droneResumes(link, [{ id: 'a', attempt: 1, lease: 1, cursor: 2 }]);
    expect(await isSettled(resumed)).toBe(false);
    held.release();
    await frame;
    expect(await resumed).toEqual([{ id: 'a', attempt: 1, action: 'continue', cursor: 2 }]);
  });
});

test('a retry waits until a whole millisecond', async () => {
  const { coordinator, held } = await aCoordinator();
  const link = await aDrone(coordinator);
  await coordinator.submit({ id: 'a', retry: { failed: 1, backoff: 3 } });
  const events: JobFrame['events'] = [
    [0, 'job:started', 1],
    [1, 'job:errored', { code: 'no-reason', message: '' }, 1],
  ];
  const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  await coordinator.frame(link, aFrame({ events, end: { events: 2, sha256 } }));
  const { notBefore } = (await held.store.job('a')) ?? {};
  expect(Number.isInteger(notBefore)).toBe(true);
});

test('when it begins anew from the store, drones have died before they join again', async () => {
  const { coordinator, held, clock, said } = await aCoordinator();
  await aDrone(coordinator);
  held.failWith(new SkepError('STORE_FULL'));
  await expect(coordinator.submit({ id: 'a' })).rejects.toMatchObject({ code: 'STORE_FULL' });
  held.failWith();
  clock.pass(1000);
  await new Promise(setImmediate);
  await aDrone(coordinator);
  await new Promise(setImmediate);
  expect(said.map(([name]) => name).filter((name) => name === 'droneJoined' || name === 'droneDied')).toEqual([
    'droneJoined',
    'droneDied',
    'droneJoined',
  ]);
});

test('a job whose wait is over while nothing can be stored ends when it can', async () => {
  const { coordinator, held, clock } = await aCoordinator();
  await coordinator.submit({ id: 'a', timeout: { queue: 5 } });
  held.failWith(new SkepError('STORE_FULL'));
  clock.pass(5000);
  await new Promise(setImmediate);
  held.failWith();
  clock.pass(1000);
  await new Promise(setImmediate);
  clock.pass(0);
  await new Promise(setImmediate);
  expect(await held.store.job('a')).toMatchObject({ status: 'done', outcome: 'timed-out' });
});

test('a drone is not given a job whose lease ended before the grant was stored', async () => {
  const { coordinator, held, said } = await aCoordinator();
  const link = await aDrone(coordinator);
  held.isHeld = true;
  const submitted = coordinator.submit({});
  coordinator.droneGone(link, false);
  const again = aDrone(coordinator);
  await new Promise(setImmediate);
  held.release();
  await Promise.all([submitted, again]);
  const orders = said.filter(([name, , message]) => name === 'tellDrone' && message === 'queue:new');
  expect(orders.map(([, , , job]) => (job as { attempt: number }).attempt)).toEqual([2]);
});

test('a plain drone that was away when its job was stored is given it when it is back', async () => {
  const { coordinator, held, said } = await aCoordinator();
  const link = { droneId: 'plain', linkId: 'first', lasting: true, packed: false };
  coordinator.droneInfo(link, { id: 'plain', speed: 1, capacity: 1 });
  held.isHeld = true;
  const submitted = coordinator.submit({});
  coordinator.droneGone(link, false);
  held.release();
  await submitted;
  const orders = () => said.filter(([name, , message]) => name === 'tellDrone' && message === 'queue:new');
  expect(orders()).toEqual([]);
  coordinator.droneInfo({ ...link, linkId: 'second' }, { id: 'plain', speed: 1, capacity: 1 });
  expect(orders().map(([, drone, , job]) => [drone, (job as { attempt: number }).attempt])).toEqual([['plain', 1]]);
  coordinator.droneGone({ ...link, linkId: 'second' }, false);
  coordinator.droneInfo({ ...link, linkId: 'third' }, { id: 'plain', speed: 1, capacity: 1 });
  expect(orders()).toHaveLength(1);
});

test('a drone is forgotten when people say so, and by itself after 30 days without a word', async () => {
  const { coordinator, held, clock, said } = await aCoordinator();
  const links = [await aDrone(coordinator, 'a'), await aDrone(coordinator, 'b'), await aDrone(coordinator, 'c')];
  const known = () => coordinator.listDrones().map(({ id }) => id);
  await expect(coordinator.forget('a')).rejects.toMatchObject({ code: 'DRONE_IN_USE' });
  for (const link of links.slice(0, 2)) coordinator.droneGone(link, true);
  await coordinator.forget('a');
  await expect(coordinator.forget('a')).rejects.toMatchObject({ code: 'DRONE_NOT_FOUND' });
  expect(known()).toEqual(['b', 'c']);
  clock.pass(31 * 24 * 3_600_000);
  coordinator.droneSeen(links[2]!);
  coordinator.droneGone(links[2]!, true);
  await new Promise(setImmediate);
  expect(known()).toEqual(['c']);
  expect((await held.store.drones()).map(({ id, seenAt }) => [id, seenAt])).toEqual([['c', clock.now()]]);
  expect(said.filter(([name]) => name === 'droneForgotten').map(([, id]) => id)).toEqual(['a', 'b']);
});

test('a drone that has come back is given no job of before until it has said what it holds', async () => {
  const { coordinator, held, said } = await aCoordinator();
  const link = await aDrone(coordinator);
  held.isHeld = true;
  const submitted = coordinator.submit({});
  coordinator.droneGone(link, false);
  const back = { ...link, linkId: 'back' };
  coordinator.droneInfo(back, { id: link.droneId, speed: 1, capacity: 1 });
  held.release();
  await submitted;
  await coordinator.droneResumes(back, []);
  const orders = said.filter(([name, , message]) => name === 'tellDrone' && message === 'queue:new');
  expect(orders.map(([, , , job]) => (job as { attempt: number }).attempt)).toEqual([2]);
});
