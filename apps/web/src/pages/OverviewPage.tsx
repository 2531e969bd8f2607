import { useMemo } from 'react';
import { Link } from 'wouter';
import { queenUrl } from '../base.js';
import { useJobs } from '../feed/queries.js';
import { useSchedules } from '../feed/schedules.js';
import { useFeed, useQueue } from '../feed/useFeed.js';
import { useLive } from '../feed/useLive.js';
import { droneLooks } from '../looks.js';
import { LastDay } from '../overview/LastDay.js';
import { NeedsYou } from '../overview/NeedsYou.js';
import { NextSchedules } from '../overview/NextSchedules.js';
import { Running } from '../overview/Running.js';
import { WaitingJobs } from '../overview/WaitingJobs.js';
import { CommandLine } from '../parts/Copy.js';
import { JobTable } from '../parts/JobTable.js';
import { dronePath } from '../parts/jobActions.js';
import { NotLoaded } from '../parts/NotLoaded.js';
import { Slots } from '../parts/Slots.js';
import { Failed, Skeleton } from '../parts/States.js';
import { LookMark } from '../parts/Status.js';
import { useTitle } from '../parts/useTitle.js';
import { count } from '../words.js';

const RECENT = 15;
const STATS_AGAIN_MS = 10_000;

/** What needs somebody, what runs, what waits, who does the work, and how the last day went. */
export function OverviewPage() {
  const { client } = useFeed();
  const { active, activeIsPart, drones, isLoaded } = useQueue();
  const recent = useJobs({ parent: 'none' }, 'newest', RECENT);
  const stats = useLive(['stats'], () => client.stats(24), STATS_AGAIN_MS);
  const schedules = useSchedules();
  useTitle('Overview');
  const jobs = useMemo(() => [...active.values()].sort((a, b) => a.queued - b.queued), [active]);
  const waiting = jobs.filter(({ status }) => status === 'queued');
  if (!isLoaded)
    return (
      <>
        <h1 className="visually-hidden">Overview</h1>
        <NotLoaded rows={8} />
      </>
    );
  const isNew = drones.size === 0 && recent.jobs.length === 0 && !recent.isLoading;
  return (
    <>
      <h1 className="visually-hidden">Overview</h1>
      {isNew ? <FirstSteps /> : <NeedsYou waiting={waiting} schedules={schedules.data ?? []} />}
      <div className="columns">
        <Running jobs={jobs.filter(({ status }) => status !== 'queued')} isPart={activeIsPart} />
        <WaitingJobs jobs={waiting} isPart={activeIsPart} stats={stats.data} />
        <DroneStrip />
        {stats.data && <LastDay stats={stats.data} />}
        {stats.error && !stats.data && (
          <Failed what="The figures of the last day cannot be read." error={stats.error} onRetry={() => void stats.refetch()} />
        )}
        {schedules.data && schedules.data.length > 0 && <NextSchedules schedules={schedules.data} />}
      </div>
      <section aria-labelledby="recent-title">
        <h2 id="recent-title">Newest jobs</h2>
        {recent.error && <Failed what="The jobs cannot be read." error={recent.error} onRetry={recent.reload} />}
        {recent.fresh > 0 && (
          <button type="button" className="fresh" onClick={recent.showFresh}>
            Show {count(recent.fresh, 'new job')}
          </button>
        )}
        {recent.isLoading ? <Skeleton /> : recent.jobs.length > 0 && <JobTable jobs={recent.jobs} label="Newest jobs" />}
        {recent.hasMore && (
          <p>
            <Link href="/jobs">All jobs</Link>
          </p>
        )}
      </section>
    </>
  );
}

const MAX_DRONES = 20;

/** The drones, those that do something first; one cell a slot. */
function DroneStrip() {
  const { drones } = useQueue();
  const sorted = [...drones.values()].sort(
    (a, b) =>
      Number(b.connectedAt !== null) - Number(a.connectedAt !== null) || b.running.length - a.running.length || (a.name < b.name ? -1 : 1),
  );
  const here = sorted.filter(({ connectedAt }) => connectedAt !== null);
  const taken = here.reduce((sum, { running }) => sum + running.length, 0);
  const capacity = here.reduce((sum, drone) => sum + drone.capacity, 0);
  return (
    <section className="panel" aria-labelledby="drones-title">
      <h2 id="drones-title">
        Drones <span className="badge">{drones.size}</span>
      </h2>
      {drones.size === 0 ? (
        <CommandLine text={`skep drone --queen ${queenUrl}`} />
      ) : (
        <p className="faint">
          {taken} of {count(capacity, 'slot')} taken
        </p>
      )}
      <ul className="drone-strip">
        {sorted.slice(0, MAX_DRONES).map((drone) => (
          <li key={drone.id}>
            <Link href={dronePath(drone.id)}>{drone.name}</Link>
            <Slots drone={drone} />
            <LookMark look={droneLooks[drone.state]} />
          </li>
        ))}
      </ul>
      {sorted.length > MAX_DRONES && <Link href="/drones">all drones</Link>}
    </section>
  );
}

function FirstSteps() {
  return (
    <section className="panel" aria-labelledby="first-title">
      <h2 id="first-title">This queen is new</h2>
      <ol className="first-steps">
        <li>
          <p>Start a drone on each machine that builds:</p>
          <CommandLine text={`skep drone --queen ${queenUrl}`} />
        </li>
        <li>
          <p>
            Run a command on the fastest of them, or <Link href="/jobs/new">submit it here</Link>:
          </p>
          <CommandLine text={`skep run --queen ${queenUrl} -- make test`} />
        </li>
        <li>
          <p>
            Have one run by itself, or <Link href="/schedules?new=nightly">say so here</Link>:
          </p>
          <CommandLine text={`skep schedule add nightly --queen ${queenUrl} --every daily -- make check`} />
        </li>
      </ol>
    </section>
  );
}
