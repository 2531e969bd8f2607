import { describe, expect, test } from '@jest/globals';
import type { Requirements } from '@skep/protocol';
import { createFleet, type Fleet, type FleetDrone } from '@skep/scheduler';
import { aDrone, aJob, needs } from './helpers/values.js';

/** Routes all that can go out now: `job>drone`, in the order of the choices. */
function route(fleet: Fleet): string[] {
  const routes: string[] = [];
  for (let choice = fleet.next(); choice; choice = fleet.next()) routes.push(`${choice.jobId}>${choice.droneId}`);
  return routes;
}

/** A fleet whose drones run this many attempts each, the first come first. */
function fleetOf(...drones: [FleetDrone, running?: number][]): Fleet {
  const fleet = createFleet();
  for (const [index, [drone, running = 0]] of drones.entries()) {
    fleet.setDrone(drone, index);
    for (let n = 0; n < running; n++) fleet.hold(drone.id, `${drone.id}-${n}`);
  }
  return fleet;
}

describe('a job goes to', () => {
  const fast = aDrone('fast', { speed: 5 });
  const slow = aDrone('slow', { speed: 1 });
  test.each<[string, [FleetDrone, number?][], string]>([
    ['the faster of two free drones', [[slow], [fast]], 'fast'],
    ['the slower drone when the faster is full', [[slow], [fast, 1]], 'slow'],
    [
      'the less loaded of two equally fast drones',
      [
        [aDrone('a', { capacity: 4 }), 2],
        [aDrone('b', { capacity: 3 }), 1],
      ],
      'b',
    ],
    ['the faster drone however loaded it is, while it has a free slot', [[slow], [aDrone('fast', { speed: 5, capacity: 9 }), 8]], 'fast'],
    ['the longest idle of drones that are alike', [[aDrone('z')], [aDrone('a')]], 'z'],
    ['an open drone rather than a faster one that is closed', [[slow], [{ ...fast, closed: true }]], 'slow'],
  ])('%s', (_, drones, best) => {
    const fleet = fleetOf(...drones);
    fleet.addJob(aJob('job', 0));
    expect(route(fleet)).toEqual([`job>${best}`]);
  });

  test('the drone that ended an attempt longest ago, among drones that are alike', () => {
    const fleet = fleetOf([aDrone('a'), 1], [aDrone('b'), 1]);
    fleet.release('a', 'a-0', 20);
    fleet.release('b', 'b-0', 10);
    fleet.addJob(aJob('job', 0));
    expect(route(fleet)).toEqual(['job>b']);
  });

  test.each<[string, Partial<Requirements>, Partial<FleetDrone>]>([
    ['label', { labels: { os: 'linux' } }, { labels: { os: 'linux', arch: 'arm' } }],
    ['plugin', { plugins: ['node'] }, { plugins: ['git', 'node'] }],
    ['handler', { handlers: ['resize'] }, { handlers: ['resize'] }],
    ['speed', { minSpeed: 3 }, { speed: 3 }],
    ['platform', { platform: 'debian-12' }, { platform: 'debian-12' }],
    ['id', { drone: 'fit' }, {}],
    ['name', { drone: 'linux-1' }, { name: 'linux-1' }],
  ])('a drone that has the %s that it requires', (_, required, has) => {
    const fleet = fleetOf([aDrone('bare', { speed: 2, labels: { os: 'mac' } })], [aDrone('fit', { ...has })]);
    fleet.addJob(aJob('job', 0, { requirements: needs(required) }));
    expect(route(fleet)).toEqual(['job>fit']);
  });
});

describe('jobs go', () => {
  test.each<[string, [id: string, order: number, priority: number][], string[]]>([
    [
      'first come first served',
      [
        ['b', 2, 0],
        ['a', 1, 0],
        ['c', 3, 0],
      ],
      ['a', 'b', 'c'],
    ],
    [
      'higher priority first',
      [
        ['low', 1, -5],
        ['none', 2, 0],
        ['high', 3, 5],
      ],
      ['high', 'none', 'low'],
    ],
    [
      'by their ids where all else is equal',
      [
        ['b', 1, 0],
        ['a', 1, 0],
      ],
      ['a', 'b'],
    ],
  ])('%s', (_, jobs, ids) => {
    const fleet = fleetOf([aDrone('d', { capacity: 9 })]);
    for (const [id, order, priority] of jobs) fleet.addJob(aJob(id, order, { priority }));
    expect(route(fleet)).toEqual(ids.map((id) => `${id}>d`));
  });

  test('past one before them that no free drone can run', () => {
    const fleet = fleetOf([aDrone('d', { capacity: 9 })]);
    fleet.addJob(aJob('mac', 0, { priority: 9, requirements: needs({ labels: { os: 'mac' } }) }));
    fleet.addJob(aJob('any', 1));
    expect(route(fleet)).toEqual(['any>d']);
  });
});

describe('where no slot is free, a job', () => {
  test('waits for the shortest queue relative to capacity: 5 jobs at capacity 4 before 3 jobs at capacity 2', () => {
    const fleet = fleetOf([aDrone('a', { capacity: 2 }), 3], [aDrone('b', { capacity: 4 }), 5]);
    fleet.addJob(aJob('job', 0));
    expect(route(fleet)).toEqual([]);
    expect(fleet.why('job')).toEqual({ reason: 'all-busy', position: 1, drone: 'b' });
    expect(fleet.load('b')).toEqual({ running: 5, waiting: 1, capacity: 4 });
  });

  test('waits for the faster drone if the queues are alike', () => {
    const fleet = fleetOf([aDrone('slow', { speed: 1 }), 1], [aDrone('fast', { speed: 2 }), 1]);
    fleet.addJob(aJob('job', 0));
    expect(fleet.why('job')).toMatchObject({ drone: 'fast' });
  });

  test('goes to another drone than the one it waits for if that frees a slot first', () => {
    const fleet = fleetOf([aDrone('a', { capacity: 2 }), 2], [aDrone('b', { capacity: 4 }), 4]);
    fleet.addJob(aJob('job', 0));
    expect(fleet.why('job')).toMatchObject({ drone: 'a' });
    fleet.release('b', 'b-0', 9);
    expect(route(fleet)).toEqual(['job>b']);
    expect(fleet.load('a')).toEqual({ running: 2, waiting: 0, capacity: 2 });
  });

  test.each<[string, (fleet: Fleet) => void]>([
    ['is gone', (fleet) => fleet.removeDrone('a')],
    ['closes', (fleet) => fleet.setDrone(aDrone('a', { closed: true }), 9)],
    ['no longer meets its requirements', (fleet) => fleet.setDrone(aDrone('a', { speed: 1 }), 9)],
  ])('waits for another when its drone %s', (_, happens) => {
    const fleet = fleetOf([aDrone('a', { speed: 2 }), 1], [aDrone('b', { speed: 2 }), 1]);
    fleet.addJob(aJob('job', 0, { requirements: needs({ minSpeed: 2 }) }));
    expect(fleet.why('job')).toMatchObject({ drone: 'a' });
    happens(fleet);
    expect(fleet.why('job')).toMatchObject({ drone: 'b' });
    expect(fleet.load('b')).toMatchObject({ waiting: 1 });
  });
});

describe('why a job waits:', () => {
  test('no drone, until the first comes; then it goes out', () => {
    const fleet = createFleet();
    fleet.addJob(aJob('job', 0));
    expect(fleet.why('job')).toEqual({ reason: 'no-drone' });
    fleet.setDrone(aDrone('d'), 0);
    expect(route(fleet)).toEqual(['job>d']);
    expect(fleet.why('job')).toBeUndefined();
  });

  test.each<[string, Partial<Requirements>, string[]]>([
    [
      'what no drone has',
      {
        labels: { os: 'windows', arch: 'arm' },
        plugins: ['go', 'node'],
        handlers: ['x'],
        minSpeed: 100,
        platform: 'plan-9',
        drone: 'e',
        notDrones: ['d'],
      },
      ['labels.os=windows', 'plugins.go', 'handlers.x', 'minSpeed=100', 'platform=plan-9', 'drone=e'],
    ],
    [
      'all, where each is met by some drone but all by none',
      { labels: { os: 'linux', arch: 'arm' }, plugins: ['node'] },
      ['labels.arch=arm', 'labels.os=linux', 'plugins.node'],
    ],
  ])('requirements that are unmet: %s', (_, required, which) => {
    const fleet = fleetOf(
      [aDrone('a', { labels: { os: 'linux' }, plugins: ['node'] })],
      [aDrone('b', { labels: { arch: 'arm' }, closed: true })],
    );
    fleet.addJob(aJob('job', 0, { requirements: needs(required) }));
    expect(fleet.why('job')).toEqual({ reason: 'unmet-requirements', which });
  });

  test('paused, where all drones that could run it take no new jobs', () => {
    const fleet = fleetOf([aDrone('c', { speed: 2, closed: true })], [aDrone('b', { speed: 2, closed: true })], [aDrone('a')]);
    fleet.addJob(aJob('job', 0, { requirements: needs({ minSpeed: 2 }) }));
    expect(fleet.why('job')).toEqual({ reason: 'paused', drones: ['b', 'c'] });
    fleet.setDrone(aDrone('b', { speed: 2 }), 9);
    expect(route(fleet)).toEqual(['job>b']);
  });

  test('its position counts only the jobs that want the same drones', () => {
    const [linux, mac] = [needs({ labels: { os: 'linux' } }), needs({ labels: { os: 'mac' } })];
    const fleet = fleetOf([aDrone('l', { labels: linux.labels }), 1], [aDrone('m', { labels: mac.labels }), 1]);
    fleet.addJob(aJob('l1', 1, { requirements: linux }));
    fleet.addJob(aJob('m1', 2, { requirements: mac }));
    fleet.addJob(aJob('any', 3));
    fleet.addJob(aJob('l2', 4, { requirements: linux }));
    fleet.addJob(aJob('m2', 5, { requirements: mac, priority: 1 }));
    const positions = ['l1', 'm1', 'any', 'l2', 'm2'].map((id) => fleet.why(id));
    expect(positions).toEqual([1, 2, 4, 3, 1].map((position) => expect.objectContaining({ reason: 'all-busy', position })));
  });
});

describe('a drone', () => {
  test('that says less capacity than it runs gets nothing until enough has ended', () => {
    const fleet = fleetOf([aDrone('d', { capacity: 3 }), 3]);
    fleet.setDrone(aDrone('d', { capacity: 2 }), 9);
    fleet.addJob(aJob('job', 0));
    fleet.release('d', 'd-0', 10);
    expect(route(fleet)).toEqual([]);
    fleet.release('d', 'd-1', 11);
    expect(route(fleet)).toEqual(['job>d']);
  });

  test('that went and came again holds nothing', () => {
    const fleet = fleetOf([aDrone('d'), 1]);
    fleet.removeDrone('d');
    expect(fleet.load('d')).toBeUndefined();
    fleet.setDrone(aDrone('d'), 9);
    expect(fleet.load('d')).toEqual({ running: 0, waiting: 0, capacity: 1 });
  });

  test('frees no slot for a job that holds none', () => {
    const fleet = fleetOf([aDrone('d'), 1]);
    fleet.release('d', 'stranger', 9);
    fleet.release('nobody', 'd-0', 9);
    expect(fleet.load('d')).toMatchObject({ running: 1 });
  });

  test('counts both slots of a job that came back to it before its earlier attempt was over', () => {
    const fleet = fleetOf([aDrone('d', { capacity: 2 })]);
    fleet.hold('d', 'job');
    fleet.hold('d', 'job');
    expect(fleet.load('d')).toMatchObject({ running: 1 });
    fleet.addJob(aJob('job', 0));
    expect(route(fleet)).toEqual(['job>d']);
    expect(fleet.load('d')).toMatchObject({ running: 2 });
    fleet.release('d', 'job', 9);
    expect(fleet.load('d')).toMatchObject({ running: 1 });
  });
});

test('a job that waits already is refused', () => {
  const fleet = createFleet();
  fleet.addJob(aJob('job', 0));
  expect(() => fleet.addJob(aJob('job', 1))).toThrow('Job job waits already');
  expect(fleet.waiting).toBe(1);
});

test('a job that is removed waits for nobody, and is removed once', () => {
  const fleet = fleetOf([aDrone('d'), 1]);
  fleet.addJob(aJob('job', 0));
  expect([fleet.removeJob('job'), fleet.removeJob('job'), fleet.waiting]).toEqual([true, false, 0]);
  expect(fleet.load('d')).toMatchObject({ waiting: 0 });
});
