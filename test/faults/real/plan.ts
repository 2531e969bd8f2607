import { randomOf } from './fixtures/text.mjs';

/** What can go wrong, and with whom. */
export const faultKinds = {
  'line cut': 'line',
  'line cut in mid-frame': 'line',
  'line down': 'line',
  'line half-open': 'line',
  'line at 1 byte/s': 'line',
  'line delayed': 'line',
  'queen kill -9': 'queen',
  'queen stopped': 'queen',
  "queen's disk full": 'queen',
  'supervisor kill -9': 'supervisor',
  'supervisor stopped': 'supervisor',
  'all of a drone kill -9': 'supervisor',
  "drone's disk full": 'disk',
  'executor kill -9': 'executor',
  'executor stopped': 'executor',
} as const;
export type FaultKind = keyof typeof faultKinds;

/** Something that goes wrong at an instant, for a while. */
export interface Fault {
  readonly kind: FaultKind;
  /** The number of the drone whose line, supervisor, disk or executor it is; for a line also -1: the callers' own. */
  readonly drone: number;
  readonly atMs: number;
  readonly forMs: number;
  /** What else chance has to say of it, in [0, 1). */
  readonly chance: number;
}

/** What one command prints, and how it ends. */
export interface Talk {
  readonly seed: number;
  readonly bytes: number;
  readonly ms: number;
  readonly exitCode: number;
}

export interface PlannedJob {
  readonly id: string;
  readonly submitAtMs: number;
  readonly talks: readonly Talk[];
  /** When it is cancelled; undefined: never. */
  readonly cancelAtMs: number | undefined;
  /** Whether it is submitted again until the queen has acknowledged it. */
  readonly insists: boolean;
}

/** Everything that shall happen; all of it follows from the seed. */
export interface Plan {
  readonly seed: number;
  /** The capacity of each drone. */
  readonly drones: readonly number[];
  readonly lostAfterS: number;
  /** Of the queen's disk: more than the output of all jobs and their retries. */
  readonly diskBytes: number;
  readonly jobs: readonly PlannedJob[];
  readonly faults: readonly Fault[];
}

/** How large a plan is. */
export interface PlanSize {
  /** How long things go wrong. */
  readonly activeMs: number;
  readonly jobs: number;
  readonly maxBytes: number;
  readonly maxTalkMs: number;
  /** Between the end of one fault of a process or line and the next, on average. */
  readonly gapMs: number;
  readonly longestFaultMs: number;
  /** In which a drone that is gone is lost: in half of all plans the first, in the others the second. */
  readonly lostAfterS: readonly [short: number, long: number];
  readonly diskBytes: number;
}

export const quick: PlanSize = {
  activeMs: 3500,
  jobs: 8,
  maxBytes: 400_000,
  maxTalkMs: 1500,
  gapMs: 2500,
  longestFaultMs: 2500,
  lostAfterS: [0.4, 60],
  diskBytes: 96 * 1024 * 1024,
};

export const long: PlanSize = {
  activeMs: 40_000,
  jobs: 30,
  maxBytes: 4_000_000,
  maxTalkMs: 10_000,
  gapMs: 4000,
  longestFaultMs: 16_000,
  lostAfterS: [4, 300],
  diskBytes: 768 * 1024 * 1024,
};

/** The plan of a seed. */
export function planOf(seed: number, size: PlanSize): Plan {
  const random = randomOf(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const drones = Array.from({ length: 2 + below(2) }, () => 1 + below(3));
  const lostAfterS = size.lostAfterS[below(2)] ?? 60;
  const jobs = Array.from({ length: size.jobs }, (_, index) => planJob(`j${seed}-${index}`, random, size));
  return { seed, drones, lostAfterS, diskBytes: size.diskBytes, jobs, faults: planFaults(drones.length, random, size) };
}

function planJob(id: string, random: () => number, size: PlanSize): PlannedJob {
  const submitAtMs = random() < 0.5 ? 0 : random() * size.activeMs * 0.8;
  const talks = Array.from({ length: random() < 0.3 ? 2 : 1 }, () => ({
    seed: Math.floor(random() * 1e9),
    // Small ones and large ones alike: the square favours the small.
    bytes: 1 + Math.floor(random() ** 2 * size.maxBytes),
    ms: Math.floor(random() * size.maxTalkMs),
    exitCode: random() < 0.15 ? 3 : 0,
  }));
  const cancelAtMs = random() < 0.15 ? submitAtMs + random() * size.maxTalkMs * 2 : undefined;
  return { id, submitAtMs, talks, cancelAtMs, insists: random() < 0.7 };
}

/** Faults of one process or line follow one another; those of different ones come as they come. */
function planFaults(drones: number, random: () => number, size: PlanSize): Fault[] {
  const parts = (Object.keys(faultKinds) as FaultKind[]).reduce(
    (kinds, kind) => kinds.set(faultKinds[kind], [...(kinds.get(faultKinds[kind]) ?? []), kind]),
    new Map<string, FaultKind[]>(),
  );
  const faults: Fault[] = [];
  for (const [part, kinds] of parts) {
    const firstDrone = part === 'line' ? -1 : 0;
    const lastDrone = part === 'queen' ? 0 : drones - 1;
    for (let drone = firstDrone; drone <= lastDrone; drone++) {
      for (let atMs = random() * 2 * size.gapMs; atMs < size.activeMs; ) {
        const kind = kinds[Math.floor(random() * kinds.length)] as FaultKind;
        const forMs = Math.min(50 + random() ** 2 * size.longestFaultMs, size.activeMs - atMs);
        faults.push({ kind, drone, atMs, forMs, chance: random() });
        atMs += forMs + random() * 2 * size.gapMs;
      }
    }
  }
  return faults.sort((a, b) => a.atMs - b.atMs);
}
