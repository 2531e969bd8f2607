import type { Requirements, Waiting } from '@skep/protocol';
import type { Fleet, FleetDrone, JobGroup, WaitingJob } from '@skep/scheduler';

interface PlainDrone {
  info: FleetDrone;
  held: string[];
  idleSince: number;
}

interface PlainJob {
  job: WaitingJob;
  drone: string | undefined;
}

const byPriority = (a: WaitingJob, b: WaitingJob) => b.priority - a.priority || a.order - b.order;

/** The oracle: the rules of DESIGN.md section 5 over plain arrays, read from top to bottom at every question. */
export function plainFleet(compare: (a: WaitingJob, b: WaitingJob) => number = byPriority): Fleet {
  let drones: PlainDrone[] = [];
  let jobs: PlainJob[] = [];
  /** The places that running jobs hold in groups, the earliest first. */
  let places: { jobId: string; group: JobGroup }[] = [];

  const find = (id: string) => drones.find(({ info }) => info.id === id);
  const waitingFor = (id: string) => jobs.filter(({ drone }) => drone === id).length;
  const loadOf = ({ info, held }: PlainDrone) => (held.length + waitingFor(info.id)) / info.capacity;
  const able = (job: WaitingJob) => drones.filter(({ info }) => lacks(info, job.requirements).length === 0);
  const open = (job: WaitingJob) => able(job).filter(({ info }) => !info.closed);
  const free = (job: WaitingJob) => open(job).filter(({ info, held }) => held.length < info.capacity);
  const inOrder = () => [...jobs].sort((a, b) => compare(a.job, b.job) || (a.job.id < b.job.id ? -1 : 1));

  /** How many more jobs of a group may run. */
  function roomOf({ name }: JobGroup): number {
    const running = places.filter(({ group }) => group.name === name).map(({ group }) => group.limit);
    const waiting = jobs.flatMap(({ job }) => (job.group?.name === name ? [job.group.limit] : []));
    return Math.min(...running, ...waiting) - running.length;
  }

  /** The jobs before which fewer of the same group and requirements come than the group has room for. */
  function inLine(): PlainJob[] {
    const before = new Map<string, number>();
    return inOrder().filter(({ job }) => {
      if (!job.group) return true;
      const alike = [job.group.name, ...namesOf(job.requirements)].join();
      const count = before.get(alike) ?? 0;
      before.set(alike, count + 1);
      return count < roomOf(job.group);
    });
  }

  /** Gives up all choices that hold no more, then makes those that are missing. */
  function pointAll() {
    const line = inLine();
    for (const entry of jobs)
      if (!line.includes(entry) || !open(entry.job).some(({ info }) => info.id === entry.drone)) entry.drone = undefined;
    for (const entry of line) {
      if (entry.drone !== undefined) continue;
      const queues = open(entry.job).sort(
        (a, b) => loadOf(a) - loadOf(b) || b.info.speed - a.info.speed || (a.info.id < b.info.id ? -1 : 1),
      );
      entry.drone = queues[0]?.info.id;
    }
  }

  return {
    setDrone(info, nowMs) {
      const known = find(info.id);
      if (known) known.info = info;
      else drones.push({ info, held: [], idleSince: nowMs });
      pointAll();
    },
    removeDrone(id) {
      drones = drones.filter(({ info }) => info.id !== id);
      pointAll();
    },
    addJob(job) {
      jobs.push({ job, drone: undefined });
      pointAll();
    },
    removeJob(id) {
      const before = jobs.length;
      jobs = jobs.filter(({ job }) => job.id !== id);
      pointAll();
      return jobs.length < before;
    },
    moveJob(id, turn) {
      const entry = jobs.find(({ job }) => job.id === id);
      if (!entry) return false;
      Object.assign(entry, { job: { ...entry.job, ...turn }, drone: undefined });
      pointAll();
      return true;
    },
    next() {
      const entry = inLine().find(({ job }) => free(job).length > 0);
      if (!entry) return undefined;
      jobs = jobs.filter((other) => other !== entry);
      const [best] = free(entry.job).sort(
        (a, b) => b.info.speed - a.info.speed || loadOf(a) - loadOf(b) || a.idleSince - b.idleSince || (a.info.id < b.info.id ? -1 : 1),
      );
      best!.held.push(entry.job.id);
      if (entry.job.group) places.push({ jobId: entry.job.id, group: entry.job.group });
      pointAll();
      return { jobId: entry.job.id, droneId: best!.info.id };
    },
    hold(droneId, jobId, group) {
      if (group && !places.some((place) => place.jobId === jobId)) places.push({ jobId, group });
      pointAll();
      const drone = find(droneId);
      if (drone && !drone.held.includes(jobId)) drone.held.push(jobId);
    },
    release(droneId, jobId, nowMs) {
      const drone = find(droneId);
      if (drone?.held.includes(jobId)) {
        drone.held.splice(drone.held.indexOf(jobId), 1);
        drone.idleSince = nowMs;
      }
      const earliest = places.find((place) => place.jobId === jobId);
      places = places.filter((place) => place !== earliest);
      pointAll();
    },
    why(jobId): Waiting | undefined {
      const entry = jobs.find(({ job }) => job.id === jobId);
      if (!entry) return undefined;
      const { job, drone } = entry;
      const line = inLine();
      if (!line.includes(entry)) return { reason: 'group-full', group: job.group!.name };
      if (drones.length === 0) return { reason: 'no-drone' };
      if (able(job).length === 0) {
        const lackOf = drones.map(({ info }) => lacks(info, job.requirements));
        const all = namesOf(job.requirements);
        const metByNone = all.filter((name) => lackOf.every((lack) => lack.includes(name)));
        return { reason: 'unmet-requirements', which: metByNone.length > 0 ? metByNone : all };
      }
      if (open(job).length === 0)
        return {
          reason: 'paused',
          drones: able(job)
            .map(({ info }) => info.id)
            .sort(),
        };
      const rivals = line.filter((other) => open(other.job).some((shared) => open(job).includes(shared)));
      return { reason: 'all-busy', position: rivals.indexOf(entry) + 1, drone: drone! };
    },
    outlook(jobId, atMost) {
      const line = inLine();
      const entry = line.find(({ job }) => job.id === jobId);
      if (!entry || open(entry.job).length === 0) return undefined;
      const group = [entry];
      for (const member of group) {
        const wanted = open(member.job);
        group.push(...line.filter((other) => !group.includes(other) && open(other.job).some((shared) => wanted.includes(shared))));
      }
      const idsOf = ({ job }: PlainJob) => open(job).map(({ info }) => info.id);
      const order = line.filter((other) => group.includes(other));
      const ahead = order.slice(0, order.indexOf(entry)).map((other) => ({ id: other.job.id, drones: idsOf(other) }));
      return ahead.length > atMost ? undefined : { drones: idsOf(entry), ahead };
    },
    load(droneId) {
      const drone = find(droneId);
      return drone && { running: drone.held.length, waiting: waitingFor(droneId), capacity: drone.info.capacity };
    },
    get waiting() {
      return jobs.length;
    },
  };
}

/** Every requirement by its name, in the order in which they are told. */
const namesOf = ({ labels, plugins, handlers, minSpeed, platform, drone, notDrones }: Requirements): string[] => [
  ...Object.keys(labels)
    .sort()
    .map((key) => `labels.${key}=${labels[key]}`),
  ...[...new Set(plugins)].sort().map((name) => `plugins.${name}`),
  ...[...new Set(handlers)].sort().map((name) => `handlers.${name}`),
  ...(minSpeed > 0 ? [`minSpeed=${minSpeed}`] : []),
  ...(platform === null ? [] : [`platform=${platform}`]),
  ...(drone === null ? [] : [`drone=${drone}`]),
  ...[...new Set(notDrones)].sort().map((id) => `notDrones.${id}`),
];

/** The names of the requirements that this drone does not meet. */
function lacks(drone: FleetDrone, requirements: Requirements): string[] {
  const has = [
    ...Object.entries(drone.labels).map(([key, value]) => `labels.${key}=${value}`),
    ...drone.plugins.map((name) => `plugins.${name}`),
    ...drone.handlers.map((name) => `handlers.${name}`),
    ...(drone.speed >= requirements.minSpeed ? [`minSpeed=${requirements.minSpeed}`] : []),
    `platform=${drone.platform}`,
    `drone=${drone.id}`,
    `drone=${drone.name}`,
    ...requirements.notDrones.filter((id) => id !== drone.id).map((id) => `notDrones.${id}`),
  ];
  return namesOf(requirements).filter((name) => !has.includes(name));
}
