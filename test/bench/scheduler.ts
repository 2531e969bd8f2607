import type { Requirements } from '@skep/protocol';
import { createFleet, type Fleet, type FleetDrone } from '@skep/scheduler';

const WAITING = 100_000;
const DECISIONS = 20_000;
const WARM_UP = 20_000;
const CASES = [
  { drones: 100, groups: 0 },
  { drones: 1_000, groups: 0 },
  { drones: 10_000, groups: 0 },
  { drones: 10_000, groups: 1_000 },
];

/** What jobs ask for, from what every drone has to what few have. */
const wishes: Requirements[] = [
  wish({}),
  wish({ labels: { os: 'linux' } }),
  wish({ labels: { os: 'mac' } }),
  wish({ labels: { os: 'linux', arch: 'arm64' } }),
  wish({ plugins: ['node'] }),
  wish({ labels: { os: 'linux' }, plugins: ['docker'] }),
  wish({ handlers: ['resize'] }),
  wish({ minSpeed: 900 }),
];

/**
 * How long the scheduler takes for one decision while 100,000 jobs of eight different requirements wait: an attempt
 * ends (`release`), the next job is chosen for a drone (`next`). A job is added after each, so that the queue stays as
 * long as it is; that is not counted.
 */
export async function run(): Promise<{ question: string; rows: { name: string; value: number; unit: string }[] }> {
  const rows = CASES.flatMap(({ drones, groups }) => {
    const { median, p99 } = measure(drones, groups);
    const name = `a decision, ${drones.toLocaleString('en')} drones, 100,000 jobs waiting${groups > 0 ? `, half in ${groups.toLocaleString('en')} groups` : ''}`;
    return [
      { name: `${name}: median`, value: median, unit: 'us' },
      { name: `${name}: p99`, value: p99, unit: 'us' },
    ];
  });
  return { question: 'How long does the scheduler take for one decision?', rows };
}

function measure(drones: number, groups: number): { median: number; p99: number } {
  const random = numbers(drones);
  const { fleet, running, addJob } = fullFleet(drones, groups, random);
  const micros: number[] = [];
  for (let n = 0; n < WARM_UP + DECISIONS; n++) {
    const index = Math.floor(random() * running.length);
    const ending = running[index];
    if (!ending) throw new Error('Nothing runs');
    const began = process.hrtime.bigint();
    fleet.release(ending.droneId, ending.jobId, n);
    const choice = fleet.next();
    const took = Number(process.hrtime.bigint() - began) / 1000;
    if (!choice) throw new Error('Nothing can go out');
    running[index] = choice;
    if (n >= WARM_UP) micros.push(took);
    addJob();
  }
  micros.sort((a, b) => a - b);
  return { median: at(micros, 0.5), p99: at(micros, 0.99) };
}

/** A fleet with no free slot, and as many jobs waiting as the bench says; where there are groups, half of them are in one. */
function fullFleet(drones: number, groups: number, random: () => number) {
  const fleet: Fleet = createFleet();
  for (let n = 0; n < drones; n++) fleet.setDrone(drone(n, random), n);
  const running: { jobId: string; droneId: string }[] = [];
  let jobs = 0;
  const addJob = () => {
    const requirements = wishes[Math.floor(random() * wishes.length)] ?? wish({});
    const priority = random() < 0.1 ? 1 : 0;
    const group = groups > 0 && random() < 0.5 ? { name: `group-${Math.floor(random() * groups)}`, limit: 1 } : undefined;
    fleet.addJob({ id: `job-${jobs}`, requirements, priority, order: jobs++, group });
  };
  while (fleet.waiting < WAITING) {
    addJob();
    for (let choice = fleet.next(); choice; choice = fleet.next()) running.push(choice);
  }
  return { fleet, running, addJob };
}

const drone = (n: number, random: () => number): FleetDrone => ({
  id: `drone-${n}`,
  name: `drone-${n}`,
  speed: 100 + Math.floor(random() * 1000),
  capacity: 1 + Math.floor(random() * 8),
  labels: { os: random() < 0.7 ? 'linux' : 'mac', arch: random() < 0.5 ? 'arm64' : 'x64', host: `host-${n}` },
  plugins: ['git', 'node', ...(random() < 0.5 ? ['docker'] : [])],
  handlers: random() < 0.2 ? ['resize'] : [],
  platform: null,
  closed: false,
});

function wish(given: Partial<Requirements>): Requirements {
  return { labels: {}, plugins: [], handlers: [], minSpeed: 0, platform: null, drone: null, notDrones: [], ...given };
}

const at = (sorted: number[], part: number): number => sorted[Math.floor(sorted.length * part)] ?? Number.NaN;

/** Numbers from 0 to 1 that look random and are the same in every run (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
