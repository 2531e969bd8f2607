import { Link } from 'wouter';
import { queenUrl } from '../base.js';
import { useQueue } from '../feed/useFeed.js';
import { droneLooks } from '../looks.js';
import { CommandLine } from '../parts/Copy.js';
import { DroneActions } from '../parts/DroneActions.js';
import { dronePath, jobPath, shortId } from '../parts/jobActions.js';
import { NotLoaded } from '../parts/NotLoaded.js';
import { Slots } from '../parts/Slots.js';
import { Empty } from '../parts/States.js';
import { LookMark } from '../parts/Status.js';
import { Ago, Took } from '../parts/Time.js';
import { useTitle } from '../parts/useTitle.js';

const SHOWN_JOBS = 4;

/** All drones, by name. */
export function DronesPage() {
  const { drones, active, isLoaded, version } = useQueue();
  useTitle('Drones');
  const sorted = [...drones.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return (
    <>
      <h1>Drones</h1>
      {!isLoaded && <NotLoaded />}
      {isLoaded && sorted.length === 0 && (
        <Empty>
          <p>No drone has ever connected. Start one on a machine that builds:</p>
          <CommandLine text={`skep drone --queen ${queenUrl}`} />
        </Empty>
      )}
      <ul className="cards">
        {sorted.map((drone) => (
          <li key={drone.id} className="card">
            <div className="card-head">
              <h2>
                <Link href={dronePath(drone.id)}>{drone.name}</Link>
              </h2>
              <LookMark look={droneLooks[drone.state]} />
            </div>
            {drone.reason && <p>{drone.reason}</p>}
            <Slots drone={drone} />
            <dl className="facts">
              <div>
                <dt>slots</dt>
                <dd>
                  {drone.running.length} of {drone.capacity}
                  {drone.waiting > 0 && `, ${drone.waiting} waiting`}
                </dd>
              </div>
              <div>
                <dt>speed</dt>
                <dd>{drone.speed.toLocaleString()}</dd>
              </div>
              <div>
                <dt>heard</dt>
                <dd>{drone.seenAt === null ? 'never' : <Ago at={drone.seenAt} />}</dd>
              </div>
              {drone.version !== undefined && drone.version !== version && (
                <div>
                  <dt>version</dt>
                  <dd>
                    {drone.version} <span className="faint">(queen {version})</span>
                  </dd>
                </div>
              )}
            </dl>
            {drone.running.length > 0 && (
              <ul className="card-jobs" aria-label={`What ${drone.name} runs`}>
                {drone.running.slice(0, SHOWN_JOBS).map((id) => (
                  <li key={id}>
                    <Link href={jobPath(id)}>{active.get(id)?.title ?? shortId(id)}</Link>
                    <Took from={active.get(id)?.started ?? null} to={null} />
                  </li>
                ))}
                {drone.running.length > SHOWN_JOBS && <li className="faint">and {drone.running.length - SHOWN_JOBS} more</li>}
              </ul>
            )}
            <Labels labels={drone.labels} />
            <DroneActions drone={drone} />
          </li>
        ))}
      </ul>
    </>
  );
}

export function Labels({ labels }: { labels: Readonly<Record<string, string>> }) {
  const pairs = Object.entries(labels);
  if (pairs.length === 0) return null;
  return (
    <ul className="labels" aria-label="Labels">
      {pairs.map(([name, value]) => (
        <li key={name}>
          {name}={value}
        </li>
      ))}
    </ul>
  );
}
