import { expect, test } from '@jest/globals';
import type { Coordinator } from '../../src/coordinator/Coordinator.js';
import { aCoordinator, aDrone } from '../helpers/aCoordinator.js';

/** A coordinator with a drone on each of these platforms, called as it is. */
async function aFleet(...platforms: string[]) {
  const fleet = await aCoordinator();
  for (const platform of platforms) await join(fleet.coordinator, platform);
  return fleet;
}

async function join(coordinator: Coordinator, platform: string): Promise<void> {
  const link = await aDrone(coordinator, platform);
  coordinator.droneInfo(link, { id: platform, speed: 1, capacity: 1, platform });
}

const on = (id: string, platform: string) => ({ id, requires: { platform } });

const droneOf = ({ jobs }: Coordinator, id: string): string | undefined => jobs.get(id)?.attempt?.record.droneId;

test('a job that requires a platform goes to a drone of it, however busy that is', async () => {
  const { coordinator } = await aFleet('debian-12', 'freebsd-14');
  for (const id of ['a', 'b']) await coordinator.submit(on(id, 'freebsd-14'));
  expect(droneOf(coordinator, 'a')).toBe('freebsd-14');
  expect(coordinator.waiting('b')).toEqual({ reason: 'all-busy', position: 1, drone: 'freebsd-14' });
  await coordinator.submit(on('c', 'openbsd-7'));
  expect(coordinator.waiting('c')).toEqual({ reason: 'unmet-requirements', which: ['platform=openbsd-7'] });
});

test('a job that must not go to a drone says so, by its name', async () => {
  const { coordinator } = await aCoordinator();
  const link = await aDrone(coordinator);
  coordinator.droneInfo(link, { id: 'drone', name: 'linux-1', speed: 1, capacity: 1 });
  await coordinator.submit({ id: 'a', requires: { notDrones: ['drone'] } });
  expect(coordinator.waiting('a')).toEqual({ reason: 'unmet-requirements', which: ['notDrones.linux-1'] });
  expect((await coordinator.why('a')).verdicts).toMatchObject([{ reason: 'unmet-requirements', which: ['notDrones.drone'] }]);
  await aDrone(coordinator, 'other');
  expect(droneOf(coordinator, 'a')).toBe('other');
});

test('the drones of a dropped platform get no jobs, through restarts, until it is restored', async () => {
  const { coordinator, held, clock, said } = await aFleet('debian-12', 'freebsd-14');
  await coordinator.submit(on('running', 'freebsd-14'));
  await coordinator.submit(on('waits', 'freebsd-14'));
  const dropped = await coordinator.platformDesk.drop('freebsd-14', 'new disks');
  expect(dropped).toEqual({ name: 'freebsd-14', drones: ['freebsd-14'], dropped: { since: clock.now(), reason: 'new disks' } });
  expect(said.filter(([name]) => name === 'platformChanged')).toEqual([['platformChanged', dropped]]);
  // What runs goes on.
  expect(droneOf(coordinator, 'running')).toBe('freebsd-14');
  const paused = { reason: 'paused', platform: 'freebsd-14', why: 'new disks' };
  expect(coordinator.waiting('waits')).toEqual(paused);
  coordinator.stop();
  const next = (await aCoordinator(held, clock)).coordinator;
  expect(next.waiting('waits')).toEqual(paused);
  await join(next, 'freebsd-14');
  await join(next, 'debian-12');
  // Lost, for its drone does not hold it any more, it waits as the other does.
  for (const id of ['running', 'waits']) expect(next.waiting(id)).toEqual(paused);
  expect(next.listDrones().find(({ id }) => id === 'freebsd-14')).toMatchObject({
    state: 'draining',
    dropped: true,
    reason: 'platform freebsd-14 is dropped: new disks',
  });
  expect(await next.why('waits')).toMatchObject({
    verdicts: [
      { drone: 'debian-12', reason: 'unmet-requirements' },
      { drone: 'freebsd-14', reason: 'platform-dropped' },
    ],
    unblock: [{ action: 'restore-platform', platform: 'freebsd-14' }],
    canEverRun: true,
  });
  expect(await next.platformDesk.restore('freebsd-14')).toMatchObject({ dropped: null });
  expect(droneOf(next, 'running')).toBe('freebsd-14');
  expect(await held.store.droppedPlatforms()).toEqual([]);
});

test('a platform that no drone names can be dropped, dropped again for another reason, and restored twice', async () => {
  const { coordinator, clock } = await aFleet('debian-12');
  const since = clock.now();
  await coordinator.platformDesk.drop('freebsd-14');
  clock.pass(1000);
  await coordinator.platformDesk.drop('freebsd-14', 'not here yet');
  expect(coordinator.platformDesk.list()).toEqual([
    { name: 'debian-12', drones: ['debian-12'], dropped: null },
    { name: 'freebsd-14', drones: [], dropped: { since, reason: 'not here yet' } },
  ]);
  await coordinator.submit(on('a', 'freebsd-14'));
  await coordinator.platformDesk.restore('freebsd-14');
  await coordinator.platformDesk.restore('freebsd-14');
  expect(coordinator.waiting('a')).toMatchObject({ reason: 'unmet-requirements' });
  expect(coordinator.platformDesk.list()).toHaveLength(1);
});
