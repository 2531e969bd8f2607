import { setImmediate } from 'node:timers/promises';
import type { Job } from '@skep/protocol';
import { Caller } from './Caller.js';
import { Chance } from './Chance.js';
import { type Info, PackedDrone } from './PackedDrone.js';
import { PlainDrone } from './PlainDrone.js';
import { Reader } from './Reader.js';
import { platforms, scheduleFaults } from './scheduleFaults.js';
import { World } from './World.js';

/** So long after the last fault every job must be done, in virtual ms. */
const CALM_MS = 2 * 3_600_000;
/** How often a calm world looks after drones that are down, in ms. */
const CARE_MS = 5000;

export type SimDrone = PackedDrone | PlainDrone;

/** Everybody in a simulation. */
export interface Cast {
  readonly world: World;
  readonly drones: readonly SimDrone[];
  readonly readers: Reader[];
  readonly caller: Caller;
}

/** What a run was, if nothing was wrong. */
export interface Tally {
  readonly steps: number;
  readonly jobs: number;
  readonly attempts: number;
  readonly events: number;
  readonly virtualMs: number;
}

/**
 * Runs a queen, drones, callers and readers through the faults of a seed, and on until all is calm and every job done.
 * The same seed gives the same run, step by step.
 * @throws {Error} what was found wrong first, and what happened last
 */
export async function simulate(seed: number): Promise<Tally> {
  // The drones' back-off asks for it.
  const { random } = Math;
  const chance = new Chance(seed);
  Math.random = new Chance(seed + 2 ** 32).next;
  const world = newWorld(chance);
  const onUnhandled = (error: unknown): void => world.fail(`nobody deals with ${(error as Error).stack}`);
  process.on('unhandledRejection', onUnhandled);
  try {
    return await run(world);
  } finally {
    process.off('unhandledRejection', onUnhandled);
    Math.random = random;
  }
}

function newWorld(chance: Chance): World {
  const slowest = chance.spread(2, 800);
  const diskSlowest = chance.spread(0.5, 300);
  return new World({
    chance,
    latency: () => chance.spread(0.1, slowest),
    diskLatency: () => chance.spread(0.05, diskSlowest),
    lostAfterMs: chance.pick([3000, 15_000, 60_000]),
    repeats: chance.pick([0, 0.1, 0.4]),
  });
}

async function run(world: World): Promise<Tally> {
  const { chance } = world;
  const cast: Cast = { world, drones: dronesOf(world), readers: [], caller: new Caller(world) };
  const faultsMs = chance.spread(5000, 120_000);
  world.startQueen();
  for (const drone of cast.drones) world.time.after(chance.is(0.7) ? chance.next() * 1000 : chance.next() * faultsMs, () => drone.start());
  scheduleJobs(cast, faultsMs);
  scheduleFaults(cast, faultsMs);
  world.time.after(faultsMs, () => calm(cast));
  let steps = 0;
  while (world.failure === undefined && !isOver(cast) && world.time.step()) {
    steps += 1;
    // Lets everything that was promised settle.
    await setImmediate();
    if (world.queen?.isReady && world.queen.isAlive) world.checks.queen(world.queen);
    if (world.time.now > faultsMs + CALM_MS) world.fail(`not over by itself: ${JSON.stringify(unfinished(cast))}`);
  }
  if (world.failure === undefined) world.checks.end();
  if (world.failure !== undefined) throw new Error(`${world.failure}\n${world.trace}`);
  const attempts = [...world.disk.memory.jobs.values()].flatMap((job) => [...job.attempts.values()]);
  const events = attempts.reduce((sum, attempt) => sum + attempt.events.length, 0);
  return { steps, jobs: world.ledger.wanted.size, attempts: attempts.length, events, virtualMs: world.time.now };
}

function dronesOf(world: World): SimDrone[] {
  const { chance } = world;
  const infoOf = (id: string): Info => ({
    id,
    name: id,
    speed: chance.int(1, 3),
    capacity: chance.int(1, 3),
    labels: { os: chance.pick(['linux', 'linux', 'mac']) },
    handlers: chance.is(0.6) ? ['resize'] : [],
    platform: chance.pick(platforms),
  });
  const packed = Array.from({ length: chance.int(1, 3) }, (_, i) => new PackedDrone(world, infoOf(`packed-${i}`)));
  const plain = Array.from({ length: chance.int(0, 2) }, (_, i) => new PlainDrone(world, infoOf(`plain-${i}`), chance.is(0.6)));
  return [...packed, ...plain];
}

function scheduleJobs({ world, caller, readers }: Cast, withinMs: number): void {
  const { chance, time } = world;
  for (let i = chance.int(1, 10); i > 0; i--) {
    // Later ones come after earlier ones, whichever are submitted first.
    const after = Array.from({ length: i - 1 }, (_, n) => `job-${n + 1}`).filter(() => chance.is(0.15));
    const job = { ...jobOf(chance, `job-${i}`), ...(after.length > 0 && { after }) };
    const submittedAt = chance.next() * withinMs;
    time.after(submittedAt, () => caller.submit(job));
    if (chance.is(0.1)) time.after(submittedAt + chance.next() * 50, () => caller.submit(job));
    if (chance.is(0.2)) time.after(submittedAt + chance.spread(1, 60_000), () => caller.prioritize(job.id, chance.int(-1, 1)));
    const ids = [job.id, ...(job.matrix ? platforms.map((platform) => `${job.id}~${platform}`) : [])];
    if (chance.is(0.2)) time.after(submittedAt + chance.spread(1, 60_000), () => caller.cancel(chance.pick(ids)));
    if (chance.is(0.5)) time.after(submittedAt, () => readers.push(new Reader(world, job.id)));
  }
}

function jobOf(chance: Chance, id: string): Job & { id: string } {
  const isTask = chance.is(0.2);
  const isPicky = chance.is(0.2);
  const isFannedOut = chance.is(0.15);
  const isTwice = !isTask && chance.is(0.08);
  return {
    id,
    job_type: isTask ? 'resize' : chance.pick(['TEST', 'TEST', 'DEPLOY', 'TEST&DEPLOY']),
    priority: chance.int(-1, 1),
    // A job that no drone may ever run must not wait for ever.
    timeout: {
      job: chance.int(5, 90),
      ...((isTask || isPicky || isFannedOut || isTwice || chance.is(0.1)) && { queue: chance.int(5, 300) }),
    },
    ...(chance.is(0.4) && { concurrency: { group: chance.pick(['a', 'b']), limit: chance.pick([1, 1, 1, 2]) } }),
    ...(isFannedOut && { matrix: { platform: [...platforms] } }),
    ...(isTwice && { reproducible: true }),
    ...(isPicky && { requires: { labels: { os: chance.pick(['linux', 'mac']) } } }),
    ...(chance.is(0.5) && { retry: { lost: chance.int(0, 3), failed: chance.int(0, 2), backoff: chance.spread(0.1, 20) } }),
    ...(chance.is(0.3) && { idempotent: true }),
    ...(chance.is(0.2) && { lostAfter: chance.int(1, 90) }),
  };
}

/** The end of all faults: everything works again, and goes on working. */
function calm({ world, drones, caller }: Cast): void {
  world.trace.note('calm from here on');
  world.isCalm = true;
  world.repeats = 0;
  world.disk.isFull = false;
  world.disk.failures = 0;
  world.startQueen();
  for (const drone of drones) {
    world.network.release(drone.id);
    caller.drain(drone.id, false);
  }
  for (const platform of platforms) caller.drop(platform, false);
  const care = (): void => {
    for (const drone of drones) drone.start();
    // A wish to drain or drop may have been on its way longer than the wish to take it back.
    for (const { id, record } of world.queen?.coordinator.drones.values() ?? []) if (record.drainReason !== null) caller.drain(id, false);
    for (const platform of world.queen?.coordinator.platforms.keys() ?? []) caller.drop(platform, false);
    world.startQueen();
    world.time.after(CARE_MS, care);
  };
  care();
}

/** Looks at the jobs first: most often that is answer enough. */
const isOver = (cast: Cast): boolean => cast.world.isCalm && unfinished(cast).length === 0;

/** What is still to come. */
function unfinished({ world, drones, readers, caller }: Cast): string[] {
  const left: string[] = [];
  for (const { record } of world.disk.memory.jobs.values()) if (record.status !== 'done') left.push(`${record.id} is ${record.status}`);
  for (const [id, { isAcknowledged }] of world.ledger.wanted) if (!isAcknowledged) left.push(`${id} is not acknowledged`);
  for (const drone of drones) {
    if (!drone.isEmpty) left.push(`${drone.id} holds attempts`);
    if (!drone.isConnected) left.push(`${drone.id} is not connected`);
  }
  const ready = [...(world.queen?.coordinator.drones.values() ?? [])].filter((drone) => drone.ready && drone.closedReason === null);
  if (ready.length !== drones.length) left.push(`${ready.length} of ${drones.length} drones take jobs`);
  if (readers.some(({ isDone }) => !isDone)) left.push('readers');
  if (caller.pending > 0) left.push('callers');
  return left;
}
