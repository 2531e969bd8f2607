import type { DroneSummary } from '@skep/protocol';
import { Link } from 'wouter';
import { jobPath } from './jobActions.js';

const MAX_CELLS = 64;

/** The slots of a drone, a cell each; one that is taken leads to its job. */
export function Slots({ drone }: { drone: DroneSummary }) {
  const { running, capacity, name } = drone;
  const free = Math.max(0, Math.min(MAX_CELLS, capacity) - running.length);
  return (
    <ul className="slots" aria-label={`Slots of ${name}: ${running.length} of ${capacity} taken`}>
      {running.slice(0, MAX_CELLS).map((id) => (
        <li key={id} className="slot is-taken">
          <Link href={jobPath(id)} aria-label={`Job ${id}`} title={id} />
        </li>
      ))}
      {Array.from({ length: free }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: free slots are all alike
        <li key={index} className="slot">
          <span className="visually-hidden">free</span>
        </li>
      ))}
    </ul>
  );
}
