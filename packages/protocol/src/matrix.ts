import * as z from 'zod';
import { PlatformName } from './vocabulary.js';

const MAX_AXES = 20;
const AXIS = /^[A-Za-z][A-Za-z0-9._-]{0,62}$/;

/** The value of one axis in one cell. */
export const CellValue = z
  .union([z.string().min(1).max(200), z.number(), z.boolean()])
  .meta({ id: 'CellValue', description: 'The value of one axis in one cell.' });
export type CellValue = z.infer<typeof CellValue>;

/** A value for each axis of a matrix. */
export const Cell = z
  .record(z.string(), CellValue)
  .meta({ id: 'Cell', description: 'A value for each axis of a matrix, by the names of the axes.' });
export type Cell = z.infer<typeof Cell>;

/** A matrix as it is given: what is not `exclude` is an axis with its values. */
export interface Matrix {
  [axis: string]: CellValue[] | Cell[] | undefined;
  exclude?: Cell[] | undefined;
}

/**
 * Over which values a job fans out: each name but `exclude` is an axis. An axis `platform` is the platform that a cell
 * requires, one with the name of a parameter of the job's template gives that its value, and any other is a required label.
 */
export const Matrix: z.ZodType<Matrix> = z
  .object({ exclude: z.array(Cell).max(1000).optional().describe('Cells that are left out: those in which all of these values meet.') })
  .catchall(z.array(CellValue).min(1).max(1000))
  .superRefine((matrix, { addIssue }) => {
    const axes = axesOf(matrix);
    const fault = (path: (string | number)[], message: string): void => addIssue({ code: 'custom', path, message });
    if (axes.length === 0) fault([], 'must have an axis');
    if (axes.length > MAX_AXES) {
      fault([], `has ${axes.length} axes; ${MAX_AXES} at most`);
      return;
    }
    for (const [name, values] of axes) {
      if (name === 'include') fault([name], 'cannot be given: only values and `exclude` can');
      else if (!AXIS.test(name)) fault([name], 'must be 1 to 63 letters, digits and . _ -, and begin with a letter');
      const same = axes.find(([other]) => variableOf(other) === variableOf(name));
      if (same && same[0] !== name) fault([name], `has the same variable as ${same[0]}: ${variableOf(name)}`);
      const seen = new Set<string>();
      for (const [i, value] of values.entries()) {
        if (seen.has(String(value))) fault([name, i], `${value} is there already`);
        seen.add(String(value));
      }
    }
    for (const [i, excluded] of (matrix.exclude ?? []).entries()) {
      if (Object.keys(excluded).length === 0) fault(['exclude', i], 'must name an axis');
      for (const [name, value] of Object.entries(excluded)) {
        const values = axes.find(([axis]) => axis === name)?.[1];
        if (!values) fault(['exclude', i, name], 'is no axis of this matrix');
        else if (!values.some((each) => String(each) === String(value))) fault(['exclude', i, name], `${value} is no value of this axis`);
      }
    }
  })
  .meta({
    id: 'Matrix',
    description:
      'Over which values a job fans out: each name but `exclude` is an axis with its values, such as `platform: ["debian-12", "freebsd-14"]`. A job is made for each cell.',
  });

/** The axes of a matrix with their values, in the order in which they are given. */
export const axesOf = ({ exclude: _, ...axes }: Matrix): [name: string, values: CellValue[]][] =>
  Object.entries(axes as Record<string, CellValue[]>);

/** How many cells a matrix has before any is excluded. */
export const sizeOf = (matrix: Matrix): number => axesOf(matrix).reduce((size, [, values]) => size * values.length, 1);

/** The cells of a matrix without those that it excludes, the values of its last axis next to each other. */
export function cellsOf(matrix: Matrix): Cell[] {
  let cells: Cell[] = [{}];
  for (const [name, values] of axesOf(matrix)) cells = cells.flatMap((cell) => values.map((value) => ({ ...cell, [name]: value })));
  const { exclude = [] } = matrix;
  const isExcluded = (cell: Cell): boolean =>
    exclude.some((excluded) => Object.entries(excluded).every(([name, value]) => String(cell[name]) === String(value)));
  return cells.filter((cell) => !isExcluded(cell));
}

/** The variable that tells commands the value of an axis: `SKEP_MATRIX_NODE_JS` for `node-js`. */
export const variableOf = (axis: string): string => `SKEP_MATRIX_${axis.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;

/** A cell in words: `debian-12, node 20`. */
export const cellWords = (cell: Cell): string =>
  Object.entries(cell)
    .map(([name, value]) => (name === 'platform' ? String(value) : `${name} ${value}`))
    .join(', ');

/** Cells of a dropped platform for which no jobs were made. */
export const LeftOut = z
  .object({ platform: PlatformName, cells: z.number().int().min(1).describe('How many.'), reason: z.string().optional() })
  .meta({ id: 'LeftOut', description: 'Cells for which no jobs were made, as their platform was dropped; `reason` is why it was.' });
export type LeftOut = z.infer<typeof LeftOut>;
