import { Link } from 'wouter';
import { useJobs } from '../feed/queries.js';
import { useQueue } from '../feed/useFeed.js';
import { droneLooks } from '../looks.js';
import { DroneActions } from '../parts/DroneActions.js';
import { JobTable } from '../parts/JobTable.js';
import { dronePath } from '../parts/jobActions.js';
import { Slots } from '../parts/Slots.js';
import { Failed, Skeleton } from '../parts/States.js';
import { LookMark } from '../parts/Status.js';
import { Ago } from '../parts/Time.js';
import { useTitle } from '../parts/useTitle.js';
import { fullTime } from '../words.js';
import { Labels } from './DronesPage.js';

/** One drone: what it is, what it does, and what it has done. */
export function DronePage({ id }: { id: string }) {
  const { drones, isLoaded, connection } = useQueue();
  const drone = drones.get(id) ?? [...drones.values()].find(({ name }) => name === id);
  const jobs = useJobs({ drone: drone?.id ?? id });
  useTitle(drone?.name ?? 'Drone');
  if (!isLoaded) return <Skeleton />;
  if (!drone) return <NoDrone id={id} />;
  const done = jobs.jobs.filter(({ status }) => status === 'done');
  const passed = done.filter(({ outcome }) => outcome === 'passed').length;
  return (
    <>
      <div className="page-head">
        <h1>{drone.name}</h1>
        <LookMark look={droneLooks[drone.state]} />
        {connection === 'lost' && <span className="faint">as last known</span>}
        <DroneActions drone={drone} />
      </div>
      {drone.reason && <p>{drone.reason}</p>}
      <Slots drone={drone} />
      <dl className="facts is-wide">
        <Fact name="slots" value={`${drone.running.length} of ${drone.capacity}`} />
        <Fact name="waiting for it" value={String(drone.waiting)} />
        <Fact name="speed" value={drone.speed.toLocaleString()} />
        <Fact name="platform" value={drone.platform} />
        <Fact name="version" value={drone.version} />
        <Fact name="id" value={drone.id} />
        <Fact name="connected" value={drone.connectedAt === null ? 'not now' : fullTime(drone.connectedAt)} />
        <Fact name="heard" value={drone.seenAt === null ? 'never' : <Ago at={drone.seenAt} />} />
        <Fact name="plugins" value={drone.plugins.join(', ') || undefined} />
        <Fact name="handlers" value={drone.handlers.join(', ') || undefined} />
        <Fact name="passed" value={done.length === 0 ? undefined : `${passed} of the last ${done.length}`} />
      </dl>
      <Labels labels={drone.labels} />
      <h2>Its jobs</h2>
      {jobs.error && <Failed what="Its jobs cannot be read." error={jobs.error} onRetry={jobs.reload} />}
      {jobs.isLoading && <Skeleton />}
      {!jobs.isLoading && jobs.jobs.length === 0 && !jobs.error && <p className="faint">No job yet.</p>}
      {jobs.jobs.length > 0 && <JobTable jobs={jobs.jobs} label={`Jobs of ${drone.name}`} hasKeys />}
      {jobs.hasMore && (
        <button type="button" className="button" onClick={jobs.loadMore}>
          Load more
        </button>
      )}
    </>
  );
}

function Fact({ name, value }: { name: string; value: React.ReactNode }) {
  if (value === undefined) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function NoDrone({ id }: { id: string }) {
  const { drones } = useQueue();
  return (
    <>
      <h1>No such drone</h1>
      <p>
        No drone is called <code>{id}</code>. {drones.size > 0 && 'There are:'}
      </p>
      <ul className="link-list">
        {[...drones.values()].map((drone) => (
          <li key={drone.id}>
            <Link href={dronePath(drone.id)}>{drone.name}</Link>
          </li>
        ))}
      </ul>
    </>
  );
}
