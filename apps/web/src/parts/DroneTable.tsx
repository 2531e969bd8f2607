import type { DroneSummary } from '@skep/protocol';
import { Link } from 'wouter';
import type { DroneColumn, DroneOrder } from '../droneOrder.js';
import { droneLooks } from '../looks.js';
import { dronePath } from './jobActions.js';
import { Labels } from './Labels.js';
import { SortHeader } from './SortHeader.js';
import { LookMark } from './Status.js';
import { Ago } from './Time.js';

const columns: readonly (readonly [column: DroneColumn, words: string])[] = [
  ['state', 'State'],
  ['name', 'Drone'],
  ['slots', 'Slots'],
  ['waiting', 'Waiting'],
  ['speed', 'Speed'],
  ['heard', 'Heard'],
];

/** Drones, a row each, to be ordered by their columns. */
export function DroneTable(props: { drones: readonly DroneSummary[]; order: DroneOrder; onSort: (column: DroneColumn) => void }) {
  const { drones, order, onSort } = props;
  const orderOf = (column: DroneColumn) =>
    order.column === column ? (order.isDescending ? ('descending' as const) : ('ascending' as const)) : undefined;
  return (
    <table className="table drones" aria-label="Drones">
      <thead>
        <tr>
          {columns.map(([column, words]) => (
            <SortHeader key={column} order={orderOf(column)} onSort={() => onSort(column)}>
              {words}
            </SortHeader>
          ))}
          <th scope="col">Labels</th>
        </tr>
      </thead>
      <tbody>
        {drones.map((drone) => (
          <tr key={drone.id}>
            <td>
              <LookMark look={droneLooks[drone.state]} />
            </td>
            <td className="job-cell">
              <Link href={dronePath(drone.id)} className="job-link">
                <span className="title">{drone.name}</span>
              </Link>
              {drone.reason && <span className="job-note">{drone.reason}</span>}
            </td>
            <td data-label="Slots">
              {drone.running.length} of {drone.capacity}
            </td>
            <td data-label="Waiting">{drone.waiting.toLocaleString()}</td>
            <td data-label="Speed">{drone.speed.toLocaleString()}</td>
            <td data-label="Heard">{drone.seenAt === null ? <span className="faint">never</span> : <Ago at={drone.seenAt} />}</td>
            <td data-label="Labels">
              <Labels labels={drone.labels} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
