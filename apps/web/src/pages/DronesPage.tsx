import type { DroneSummary, JobSummary } from '@skep/protocol';
import { Link, useSearchParams } from 'wouter';
import { queenUrl } from '../base.js';
import { droneOrderIn, nextOrder, orderedDrones } from '../droneOrder.js';
import { useQueue } from '../feed/useFeed.js';
import { droneLooks } from '../looks.js';
import { CommandLine } from '../parts/Copy.js';
import { DroneActions } from '../parts/DroneActions.js';
import { DroneTable } from '../parts/DroneTable.js';
import { dronePath, jobPath, shortId } from '../parts/jobActions.js';
import { Labels } from '../parts/Labels.js';
import { NotLoaded } from '../parts/NotLoaded.js';
import { Platforms } from '../parts/Platforms.js';
import { Slots } from '../parts/Slots.js';
import { Empty } from '../parts/States.js';
import { LookMark } from '../parts/Status.js';
import { Ago, Took } from '../parts/Time.js';
import { useTitle } from '../parts/useTitle.js';
import '../styles/more.css';

const SHOWN_JOBS = 4;

/** All drones, as cards or as a table, by name or by what else the address says. */
export function DronesPage() {
  const { drones, active, isLoaded, version } = useQueue();
  useTitle('Drones');
  const [search, setSearch] = useSearchParams();
  const set = (name: string, value: string | undefined): void =>
    setSearch((all) => {
      const next = new URLSearchParams(all);
      if (value === undefined) next.delete(name);
      else next.set(name, value);
      return next;
    });
  const isTable = search.get('table') === '1';
  const order = droneOrderIn(search);
  const sorted = orderedDrones(drones.values(), order);
  return (
    <>
      <div className="page-head">
        <h1>Drones</h1>
        <label className="check">
          <input type="checkbox" checked={isTable} onChange={(event) => set('table', event.target.checked ? '1' : undefined)} />
          Table
        </label>
      </div>
      {!isLoaded && <NotLoaded />}
      {isLoaded && sorted.length === 0 && (
        <Empty>
          <p>No drone has ever connected. Start one on a machine that builds:</p>
          <CommandLine text={`skep drone --queen ${queenUrl}`} />
        </Empty>
      )}
      {isTable && sorted.length > 0 && (
        <DroneTable drones={sorted} order={order} onSort={(column) => set('sort', nextOrder(order, column))} />
      )}
      {!isTable && <Cards drones={sorted} active={active} version={version} />}
      {isLoaded && <Platforms />}
    </>
  );
}

interface CardsProps {
  drones: readonly DroneSummary[];
  /** Jobs that are not done, by id. */
  active: ReadonlyMap<string, JobSummary>;
  /** That of the queen. */
  version: string;
}

function Cards({ drones, active, version }: CardsProps) {
  return (
    <ul className="cards">
      {drones.map((drone) => (
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
  );
}
