import type { DroneState, DroneSummary } from '@skep/protocol';

type Compare = (a: DroneSummary, b: DroneSummary) => number;

/** Who needs somebody comes first, then who works. */
const stateOrder: readonly DroneState[] = ['lost', 'quarantined', 'draining', 'busy', 'idle', 'offline'];

/** What drones can be ordered by, as their columns ascend. */
export const droneColumns = {
  name: (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  state: (a, b) => stateOrder.indexOf(a.state) - stateOrder.indexOf(b.state),
  slots: (a, b) => a.running.length / a.capacity - b.running.length / b.capacity || a.capacity - b.capacity,
  waiting: (a, b) => a.waiting - b.waiting,
  speed: (a, b) => a.speed - b.speed,
  heard: (a, b) => (a.seenAt ?? 0) - (b.seenAt ?? 0),
} satisfies Record<string, Compare>;

export type DroneColumn = keyof typeof droneColumns;

/** An order as it stands in the address: a column, behind a `-` where it descends. */
export interface DroneOrder {
  column: DroneColumn;
  isDescending: boolean;
}

/** The order that an address gives: by name where it gives none. */
export function droneOrderIn(search: URLSearchParams): DroneOrder {
  const text = search.get('sort') ?? '';
  const column = text.replace(/^-/, '');
  if (!Object.hasOwn(droneColumns, column)) return { column: 'name', isDescending: false };
  return { column: column as DroneColumn, isDescending: text.startsWith('-') };
}

/** The order by a column that was chosen: chosen again, the other way round. */
export const nextOrder = (order: DroneOrder, column: DroneColumn): string =>
  `${order.column === column && !order.isDescending ? '-' : ''}${column}`;

/** In this order; those that are alike by name. */
export const orderedDrones = (drones: Iterable<DroneSummary>, { column, isDescending }: DroneOrder): DroneSummary[] =>
  [...drones].sort((a, b) => droneColumns[column](a, b) * (isDescending ? -1 : 1) || droneColumns.name(a, b));
