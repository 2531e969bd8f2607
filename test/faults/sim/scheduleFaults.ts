import type { Cast } from './simulate.js';

type Fault = (cast: Cast) => void;

/** The platforms of drones, over which jobs fan out. */
export const platforms = ['debian', 'freebsd'] as const;

/** Everything that goes wrong, each as often as it stands here. */
const faults: readonly Fault[] = [
  // The queen is killed, and comes back at once or long after.
  ({ world }) => {
    if (!world.queen?.isAlive) return;
    world.trace.note('FAULT the queen is killed');
    world.queen.crash();
    world.time.after(world.chance.spread(10, 90_000), () => world.startQueen());
  },
  ({ world }) => {
    if (!world.queen?.isAlive) return;
    world.trace.note('FAULT the queen is restarted');
    void world.queen.stop();
    world.time.after(world.chance.spread(10, 5000), () => world.startQueen());
  },
  ({ world, drones }) => {
    const drone = world.chance.pick(drones);
    drone.killSupervisor();
    world.time.after(world.chance.spread(10, 120_000), () => drone.start());
  },
  ({ world, drones }) => {
    const drone = world.chance.pick(drones);
    drone.crash();
    world.time.after(world.chance.spread(10, 120_000), () => drone.start());
  },
  ({ world, drones }) => world.chance.pick(drones).killExecutor(),
  ({ world, drones }) => world.network.cut(world.chance.pick(drones).id),
  ({ world, drones }) => {
    for (const { id } of drones) world.network.cut(id);
  },
  // One or both directions are dead for a while; longer than pings are waited for, or not.
  ({ world, drones }) => {
    const { id } = world.chance.pick(drones);
    const sides = world.chance.pick([['queen'], ['peer'], ['queen', 'peer']] as const);
    world.trace.note('FAULT nothing arrives at', sides.join(' and '), 'of', id);
    world.network.hold(id, sides);
    world.time.after(world.chance.spread(200, 120_000), () => world.network.release(id));
  },
  ({ world }) => {
    world.trace.note('FAULT the disk is full');
    world.disk.isFull = true;
    world.time.after(world.chance.spread(1, 20_000), () => {
      world.disk.isFull = false;
    });
  },
  ({ world }) => {
    world.trace.note('FAULT a commit fails');
    world.disk.failures += world.chance.int(1, 2);
  },
  ({ world }) => {
    const { latency } = world.disk;
    world.trace.note('FAULT the disk is slow');
    const slowest = world.chance.spread(100, 5000);
    world.disk.latency = () => world.chance.spread(1, slowest);
    world.time.after(world.chance.spread(100, 10_000), () => {
      world.disk.latency = latency;
    });
  },
  ({ world, drones }) => {
    const drone = world.chance.pick(drones);
    drone.leave();
    world.time.after(world.chance.spread(100, 60_000), () => drone.start());
  },
  ({ world, drones, caller }) => {
    const { id } = world.chance.pick(drones);
    caller.drain(id, true);
    world.time.after(world.chance.spread(100, 60_000), () => caller.drain(id, false));
  },
  ({ world, caller }) => {
    const platform = world.chance.pick(platforms);
    caller.drop(platform, true);
    world.time.after(world.chance.spread(100, 60_000), () => caller.drop(platform, false));
  },
  ({ world, readers }) => {
    for (const reader of readers) if (world.chance.is(0.5)) reader.cut();
  },
];

/** Has things go wrong at random moments. */
export function scheduleFaults(cast: Cast, withinMs: number): void {
  const { time, chance } = cast.world;
  for (let i = chance.int(0, 14); i > 0; i--) {
    const fault = chance.pick(faults);
    time.after(chance.next() * withinMs, () => fault(cast));
  }
}
