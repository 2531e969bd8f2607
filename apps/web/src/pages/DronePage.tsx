import type { FacetsAnswer } from '@skep/protocol';
import { Link } from 'wouter';
import { kindsOf, nearNames } from '../droneDay.js';
import { useJobs } from '../feed/queries.js';
import { useFeed, useQueue } from '../feed/useFeed.js';
import { useLive } from '../feed/useLive.js';
import { droneLooks } from '../looks.js';
import { DroneActions } from '../parts/DroneActions.js';
import { DroneDay } from '../parts/DroneDay.js';
import { JobTable } from '../parts/JobTable.js';
import { dronePath } from '../parts/jobActions.js';
import { Labels } from '../parts/Labels.js';
import { NotLoaded } from '../parts/NotLoaded.js';
import { Slots } from '../parts/Slots.js';
import { Failed, Skeleton } from '../parts/States.js';
import { LookMark } from '../parts/Status.js';
import { Ago } from '../parts/Time.js';
import { useTitle } from '../parts/useTitle.js';
import { count, fullTime, span } from '../words.js';

/** As many of its jobs are looked at for what it did today. */
const LOOKED_AT = 500;
const SHOWN_KINDS = 8;
const AGAIN_MS = 5000;

/** One drone: what it is, what it does, and what it has done. */
export function DronePage({ id }: { id: string }) {
  const { client } = useFeed();
  const { drones, isLoaded, connection } = useQueue();
  const drone = drones.get(id) ?? [...drones.values()].find(({ name }) => name === id);
  const of = { drone: drone?.id ?? id };
  const jobs = useJobs(of);
  const day = useLive(['drone-day', of.drone], () => client.jobs({ ...of, limit: LOOKED_AT }), AGAIN_MS, drone !== undefined);
  const { data: facets } = useLive(['facets', of], () => client.facets(of), AGAIN_MS, drone !== undefined);
  useTitle(drone?.name ?? 'Drone');
  if (!isLoaded)
    return (
      <>
        <h1>{id}</h1>
        <NotLoaded />
      </>
    );
  if (!drone) return <NoDrone id={id} />;
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
        <Fact name="passed" value={facets && successWords(facets)} />
        <Fact name="heard" value={drone.seenAt === null ? 'never' : <Ago at={drone.seenAt} />} />
        <Fact name="connected" value={drone.connectedAt === null ? 'not now' : fullTime(drone.connectedAt)} />
        <Fact name="platform" value={drone.platform} />
        <Fact name="version" value={drone.version} />
        <Fact name="id" value={drone.id} />
        <Fact name="plugins" value={drone.plugins.join(', ') || undefined} />
        <Fact name="handlers" value={drone.handlers.join(', ') || undefined} />
      </dl>
      <Labels labels={drone.labels} />
      {day.data && (
        <>
          <DroneDay drone={drone} jobs={day.data.jobs} isPart={day.data.next !== null} />
          <Kinds kinds={kindsOf(day.data.jobs)} />
        </>
      )}
      <section aria-labelledby="drone-jobs">
        <h2 id="drone-jobs">Its jobs</h2>
        {jobs.error && <Failed what="Its jobs cannot be read." error={jobs.error} onRetry={jobs.reload} />}
        {jobs.fresh > 0 && (
          <button type="button" className="fresh" onClick={jobs.showFresh}>
            Show {count(jobs.fresh, 'new job')}
          </button>
        )}
        {jobs.isLoading && <Skeleton />}
        {!jobs.isLoading && jobs.jobs.length === 0 && !jobs.error && <p className="faint">No job yet.</p>}
        {jobs.jobs.length > 0 && <JobTable jobs={jobs.jobs} label={`Jobs of ${drone.name}`} hasKeys />}
        {jobs.hasMore && (
          <button type="button" className="button" onClick={jobs.loadMore}>
            Load more
          </button>
        )}
      </section>
    </>
  );
}

/** How many of its jobs passed; undefined before the first has ended. */
function successWords({ standings, isAll }: FacetsAnswer): string | undefined {
  const done = standings.filter(({ status }) => status === 'done');
  const all = done.reduce((sum, { jobs }) => sum + jobs, 0);
  const passed = done.find(({ outcome }) => outcome === 'passed')?.jobs ?? 0;
  if (all === 0) return undefined;
  return `${Math.floor((passed / all) * 100)} % of ${isAll ? '' : 'the last '}${count(all, 'job')}`;
}

function Kinds({ kinds }: { kinds: ReturnType<typeof kindsOf> }) {
  if (kinds.length === 0) return null;
  return (
    <section aria-labelledby="drone-kinds">
      <h2 id="drone-kinds">How long its jobs take</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what may be wider than its box must be scrollable by keyboard */}
      <div className="scroll" tabIndex={0}>
        <table className="plain" aria-label="How long its jobs take">
          <thead>
            <tr>
              <th scope="col">Job</th>
              <th scope="col">Ended</th>
              <th scope="col">Passed</th>
              <th scope="col">Half took at most</th>
            </tr>
          </thead>
          <tbody>
            {kinds.slice(0, SHOWN_KINDS).map(({ title, runs, passed, median }) => (
              <tr key={title}>
                <th scope="row">{title}</th>
                <td>{runs}</td>
                <td>{passed}</td>
                <td>{median === null ? '–' : span(median)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
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
  const near = nearNames(
    id,
    [...drones.values()].map(({ name }) => name),
  );
  const named = [...drones.values()].filter(({ name }) => near.includes(name));
  return (
    <>
      <h1>No such drone</h1>
      <p>
        No drone is called <code>{id}</code>. {named.length > 0 ? 'Of a similar name:' : <Link href="/drones">All drones</Link>}
      </p>
      <ul className="link-list">
        {named.map((drone) => (
          <li key={drone.id}>
            <Link href={dronePath(drone.id)}>{drone.name}</Link>
          </li>
        ))}
      </ul>
    </>
  );
}
