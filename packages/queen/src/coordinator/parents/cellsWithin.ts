import { type Cell, cellsOf, type Limits, type Matrix, SkepError, sizeOf } from '@skep/protocol';
import { invalidJob } from './invalidJob.js';

/**
 * The cells of a matrix, of which there is at least one.
 * @throws {SkepError} TOO_MANY_CELLS, INVALID_JOB
 */
export function cellsWithin({ maxCells }: Pick<Limits, 'maxCells'>, matrix: Matrix): [Cell, ...Cell[]] {
  const size = sizeOf(matrix);
  if (size > maxCells) throw new SkepError('TOO_MANY_CELLS', `The matrix has ${size} cells; maxCells is ${maxCells}`);
  const [first, ...others] = cellsOf(matrix);
  if (!first) throw invalidJob('matrix.exclude', 'excludes every cell');
  return [first, ...others];
}
