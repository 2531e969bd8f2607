import type { Estimate, Usual } from '@skep/protocol';
import { type BusyDrone, expectedDuration, expectedStart, type Outlook, type Spread, type WaitingWork } from '@skep/scheduler';
import type { JobRecord, PastRun } from '@skep/store';
import type { Core } from './core.js';
import type { LiveDrone } from './LiveDrone.js';
import type { LiveAttempt, LiveJob } from './LiveJob.js';

/** How many jobs may go before one whose start is still estimated: beyond, it would cost much and mean little. */
const AT_MOST_AHEAD = 500;
/** How many different jobs an estimate may rest on; their runs are read once and then kept. */
const AT_MOST_KEYS = 500;

const unknown: Estimate = { usual: null, start: null, end: null };

/** What is expected of a job, by past runs of it and of all that it waits for. */
export async function estimateOf(core: Core, record: JobRecord): Promise<Estimate> {
  if (record.runKey === null) return unknown;
  await core.history.of(record.runKey);
  const job = core.jobs.get(record.id);
  if (!job) return { ...unknown, usual: usualOn(core, record, core.drones.get(record.droneId ?? '')) };
  const outlook = core.fleet.outlook(job.id, AT_MOST_AHEAD);
  if (outlook) await readRuns(core, outlook);
  // All was read by now, so what follows sees one instant.
  if (job.attempt) return runningEstimate(core, job, job.attempt);
  const start = startOf(core, job);
  const drone = start && core.drones.get(start.drone);
  return { usual: usualOn(core, record, drone), start: start?.start ?? null, end: start?.end ?? null };
}

/** Reads the past runs of what waits before a job and of what runs where it may go; none of them if they are too many. */
async function readRuns(core: Core, outlook: Outlook): Promise<void> {
  const ahead = outlook.ahead.map(({ id }) => core.jobs.get(id));
  const running = dronesIn(core, outlook).flatMap(({ attempts }) => [...attempts].map((id) => core.jobs.get(id)));
  const keys = new Set([...ahead, ...running].map((job) => job?.record.runKey).filter((key) => typeof key === 'string'));
  if (keys.size <= AT_MOST_KEYS) await Promise.all([...keys].map((key) => core.history.of(key)));
}

function dronesIn(core: Core, { drones, ahead }: Outlook): LiveDrone[] {
  const ids = new Set(drones);
  // Jobs with the same requirements share one list.
  for (const list of new Set(ahead.map((job) => job.drones))) for (const id of list) ids.add(id);
  return [...ids].map((id) => core.drones.get(id)).filter((drone) => drone !== undefined);
}

const runsOf = (core: Core, { runKey }: JobRecord): readonly PastRun[] => (runKey === null ? [] : (core.history.known(runKey) ?? []));

function usualOn(core: Core, record: JobRecord, drone: LiveDrone | undefined): Usual | null {
  return expectedDuration(runsOf(core, record), drone && { id: drone.id, speed: drone.record.speed }) ?? null;
}

function runningEstimate(core: Core, { record }: LiveJob, attempt: LiveAttempt): Estimate {
  const { droneId, droneSpeed } = attempt.record;
  const drone = droneSpeed === null ? undefined : { id: droneId, speed: droneSpeed };
  return { usual: expectedDuration(runsOf(core, record), drone) ?? null, start: null, end: endOf(core, record, attempt) ?? null };
}

/** When an attempt that runs will end (Unix ms), by the runs that took at least as long. */
function endOf(core: Core, record: JobRecord, { record: { startedAt, grantedAt, droneId, droneSpeed } }: LiveAttempt): Spread | undefined {
  const now = core.clock.now();
  // A plain drone may have a clock of its own that is ahead.
  const begunAt = Math.min(now, startedAt ?? grantedAt);
  const drone = droneSpeed === null ? undefined : { id: droneId, speed: droneSpeed };
  const lasts = expectedDuration(runsOf(core, record), drone, now - begunAt);
  return lasts && { low: begunAt + lasts.low, likely: begunAt + lasts.likely, high: begunAt + lasts.high };
}

function startOf(core: Core, job: LiveJob): ReturnType<typeof expectedStart> {
  const outlook = core.fleet.outlook(job.id, AT_MOST_AHEAD);
  if (!outlook) return undefined;
  const drones = dronesIn(core, outlook).map(
    (drone): BusyDrone => ({
      id: drone.id,
      speed: drone.record.speed,
      capacity: drone.record.capacity,
      ends: [...drone.attempts].map((id) => {
        const running = core.jobs.get(id);
        return running?.attempt ? endOf(core, running.record, running.attempt) : undefined;
      }),
    }),
  );
  const line = [...outlook.ahead, { id: job.id, drones: outlook.drones }].map(({ id, drones }) => workOf(core, id, drones));
  return expectedStart(core.clock.now(), drones, line);
}

function workOf(core: Core, jobId: string, drones: readonly string[]): WaitingWork {
  const waiting = core.jobs.get(jobId);
  return {
    drones,
    durationOn(droneId) {
      const speed = core.drones.get(droneId)?.record.speed;
      return waiting && speed !== undefined ? expectedDuration(runsOf(core, waiting.record), { id: droneId, speed }) : undefined;
    },
  };
}
