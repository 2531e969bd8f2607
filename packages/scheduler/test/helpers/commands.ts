import type { Assignment, Fleet, FleetDrone, JobGroup, Outlook, WaitingJob } from '@skep/scheduler';
import fc from 'fast-check';

/** One thing that happens to a fleet. */
export type Command =
  | { do: 'setDrone'; drone: FleetDrone }
  | { do: 'removeDrone'; drone: string }
  | { do: 'addJob'; job: WaitingJob }
  | { do: 'removeJob'; job: string }
  | { do: 'moveJob'; job: string; turn: Pick<WaitingJob, 'priority' | 'order'> }
  | { do: 'next' }
  | { do: 'drain' }
  | { do: 'hold'; drone: string; job: string; group?: JobGroup | undefined }
  | { do: 'release'; drone: string; job: string }
  /** The oldest attempt of a drone ends, if it has one. */
  | { do: 'releaseOldest'; drone: string };

export const droneIds = ['a', 'b', 'c', 'd', 'e'];
export const jobIds = Array.from({ length: 16 }, (_, n) => `j${n}`);

const droneId = fc.constantFrom(...droneIds);
const jobId = fc.constantFrom(...jobIds);
const labels = fc.constantFrom<Record<string, string>>(
  {},
  { os: 'linux' },
  { os: 'mac' },
  { os: 'linux', arch: 'arm' },
  { arch: 'arm', os: 'linux' },
);
const names = fc.subarray(['node', 'git']);
const handlers = fc.subarray(['resize']);
const platform = fc.constantFrom(null, null, 'debian', 'freebsd');

const drone = fc.record({
  id: droneId,
  name: fc.constantFrom('first', 'second'),
  speed: fc.integer({ min: 1, max: 3 }),
  capacity: fc.integer({ min: 1, max: 3 }),
  labels,
  plugins: names,
  handlers,
  platform,
  closed: fc.boolean(),
});

const requirements = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ labels: {}, plugins: [], handlers: [], minSpeed: 0, platform: null, drone: null, notDrones: [] }) },
  {
    weight: 3,
    arbitrary: fc.record({
      labels,
      plugins: names,
      handlers,
      minSpeed: fc.integer({ min: 0, max: 4 }),
      platform,
      drone: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constantFrom('first', ...droneIds) }),
      notDrones: fc.oneof(fc.constant([]), fc.subarray(droneIds, { maxLength: 2 })),
    }),
  },
);

const group = fc.oneof(
  { weight: 2, arbitrary: fc.constant(undefined) },
  // Most jobs of a group agree on its limit, as they should.
  { weight: 3, arbitrary: fc.constantFrom({ name: 'one', limit: 1 }, { name: 'two', limit: 2 }) },
  { weight: 1, arbitrary: fc.record({ name: fc.constantFrom('one', 'two'), limit: fc.integer({ min: 1, max: 4 }) }) },
);

const turn = { priority: fc.integer({ min: -1, max: 1 }), order: fc.integer({ min: 0, max: 20 }) };

const job = fc.record({ id: jobId, requirements, ...turn, group });

/** Random histories of a fleet, of drones that come, go, close and change, and jobs that come, go and end. */
export const commands: fc.Arbitrary<Command[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('setDrone' as const), drone }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('removeDrone' as const), drone: droneId }) },
    { weight: 8, arbitrary: fc.record({ do: fc.constant('addJob' as const), job }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('removeJob' as const), job: jobId }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('moveJob' as const), job: jobId, turn: fc.record(turn) }) },
    { weight: 4, arbitrary: fc.constant({ do: 'next' as const }) },
    { weight: 2, arbitrary: fc.constant({ do: 'drain' as const }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('hold' as const), drone: droneId, job: jobId, group }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('release' as const), drone: droneId, job: jobId }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('releaseOldest' as const), drone: droneId }) },
  ),
  { maxLength: 80, size: 'max' },
);

/** Lets a history happen to a fleet, one command a call. Commands that make no sense at that moment answer `skipped`. */
export function player(fleet: Fleet): (command: Command, nowMs: number) => unknown {
  const waiting = new Set<string>();
  const running = new Map<string, string[]>();
  const next = () => {
    const choice = fleet.next();
    if (!choice) return undefined;
    waiting.delete(choice.jobId);
    running.set(choice.droneId, [...(running.get(choice.droneId) ?? []), choice.jobId]);
    return choice;
  };

  return (command, nowMs) => {
    switch (command.do) {
      case 'setDrone':
        return fleet.setDrone(command.drone, nowMs);
      case 'removeDrone':
        // What it runs may end while it is gone: that frees places in groups.
        return fleet.removeDrone(command.drone);
      case 'addJob':
        if (waiting.has(command.job.id)) return 'skipped';
        waiting.add(command.job.id);
        return fleet.addJob(command.job);
      case 'removeJob':
        waiting.delete(command.job);
        return fleet.removeJob(command.job);
      case 'moveJob':
        return fleet.moveJob(command.job, command.turn);
      case 'next':
        return next();
      case 'drain': {
        const choices: Assignment[] = [];
        for (let choice = next(); choice; choice = next()) choices.push(choice);
        return choices;
      }
      case 'hold':
        return fleet.hold(command.drone, command.job, command.group);
      case 'release':
        return fleet.release(command.drone, command.job, nowMs);
      case 'releaseOldest': {
        const [oldest, ...others] = running.get(command.drone) ?? [];
        if (oldest === undefined) return 'skipped';
        running.set(command.drone, others);
        return fleet.release(command.drone, oldest, nowMs);
      }
    }
  };
}

/** All that a fleet says of itself. */
export const sayings = (fleet: Fleet) => ({
  waiting: fleet.waiting,
  whys: jobIds.map((id) => [id, fleet.why(id)]),
  loads: droneIds.map((id) => [id, fleet.load(id)]),
});

/** What goes before each job that waits. */
export const outlooks = (fleet: Fleet) => jobIds.map((id) => sorted(fleet.outlook(id, 6)));

/** With the drones, whose order says nothing, by id. */
const sorted = (outlook: Outlook | undefined) =>
  outlook && {
    drones: outlook.drones.toSorted(),
    ahead: outlook.ahead.map(({ id, drones }) => ({ id, drones: drones.toSorted() })),
  };
