import type { DroneSummary, JobSummary } from '@skep/protocol';
import { useLocation } from 'wouter';
import { layOut } from '../droneDay.js';
import { useNow, useQueue } from '../feed/useFeed.js';
import { lookOf } from '../looks.js';
import { clockTime, count, span } from '../words.js';
import { jobPath } from './jobActions.js';

const DAY_MS = 24 * 3600 * 1000;
const LANE = 18;
const WIDTH = 1440;
const MAX_LANES = 32;

/** What a drone ran within the last day: a lane for each job that ran at once, a bar for each job. */
export function DroneDay({ drone, jobs, isPart }: { drone: DroneSummary; jobs: readonly JobSummary[]; isPart: boolean }) {
  const { connection, since } = useQueue();
  const [, navigate] = useLocation();
  const now = useNow(10_000);
  // What happened after the connection was lost is not known: the picture ends there.
  const to = connection === 'lost' ? since : now;
  const from = to - DAY_MS;
  const { lanes, placed } = layOut(jobs, from, to);
  const rows = Math.min(MAX_LANES, Math.max(drone.capacity, lanes, 1));
  const known = isPart ? Math.max(from, Math.min(...jobs.map(({ queued }) => queued))) : from;
  const x = (at: number): number => ((at - from) / DAY_MS) * WIDTH;
  const busyMs = placed.reduce((sum, job) => sum + job.to - job.from, 0);
  return (
    <section aria-labelledby="drone-day">
      <h2 id="drone-day">Last 24 h</h2>
      <p className="faint">
        {placed.length === 0 ? 'It ran nothing.' : `${count(placed.length, 'job')}, ${span(busyMs)} in all.`}
        {known > from && ` Only what was submitted since ${clockTime(known, false).slice(0, 5)} is shown.`}
      </p>
      <svg
        className="drone-day"
        viewBox={`0 0 ${WIDTH} ${rows * LANE}`}
        preserveAspectRatio="none"
        style={{ height: rows * LANE }}
        aria-hidden="true"
      >
        {Array.from({ length: rows }, (_, lane) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lanes are all alike
          <rect key={lane} className="is-lane" y={lane * LANE + 1} width={WIDTH} height={LANE - 2} />
        ))}
        {placed
          .filter(({ lane }) => lane < rows)
          .map(({ job, lane, from: start, to: end }) => (
            // biome-ignore lint/a11y/noStaticElementInteractions: for the mouse; the same jobs are links in the table below
            <rect
              key={job.id}
              className={`is-job fill-${lookOf(job).hue}`}
              x={x(start)}
              y={lane * LANE + 1}
              width={Math.max(2, x(end) - x(start))}
              height={LANE - 2}
              onClick={() => navigate(jobPath(job.id))}
            >
              <title>{`${job.title}: ${lookOf(job).word}, ${span(end - start)}`}</title>
            </rect>
          ))}
      </svg>
      <p className="day-axis faint" aria-hidden="true">
        <span>{clockTime(from, false).slice(0, 5)}</span>
        <span>{clockTime((from + to) / 2, false).slice(0, 5)}</span>
        <span>{connection === 'lost' ? `as last known at ${clockTime(to, false).slice(0, 8)}` : 'now'}</span>
      </p>
    </section>
  );
}
