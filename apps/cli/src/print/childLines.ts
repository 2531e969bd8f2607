import { cellWords, type JobSummary } from '@skep/protocol';
import type { Paint } from './paint.js';
import { tableLines } from './table.js';
import { spanWords, statusColour, statusWords } from './words.js';

/** The children of a parent as a table. @param now Unix ms */
export function childLines(children: readonly JobSummary[], now: number, paint: Paint): string[] {
  const heading = ['CELL', 'STATUS', 'DRONE', 'TOOK', 'JOB'].map((plain) => ({ plain, painted: paint('dim', plain) }));
  const rows = children.map((child) => {
    const status = statusWords(child);
    const took = child.started === null ? '' : spanWords((child.finished ?? now) - child.started);
    return [
      child.cell ? cellWords(child.cell) : '',
      { plain: status, painted: paint(statusColour(child), status) },
      child.drone ?? '',
      took,
      child.id,
    ];
  });
  return tableLines([heading, ...rows]);
}
