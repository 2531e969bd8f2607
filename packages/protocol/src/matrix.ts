import * as z from 'zod';

const Axis = z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,99}$/, 'must be letters, digits and _ . -, and begin with a letter or _');
const CellValue = z.union([z.string().min(1).max(200), z.number(), z.boolean()]);

/** The values of one job of a matrix, by axis. */
export const Cell = z.record(Axis, CellValue).meta({ id: 'Cell', description: 'The values of one job of a matrix, by axis.' });
export type Cell = z.infer<typeof Cell>;

/** What varies from job to job. */
export const Matrix = z.record(Axis, z.array(CellValue).min(1).max(256)).meta({
  id: 'Matrix',
  description: 'The axes along which a job is varied, each with its values: a job of its own for every combination.',
});
export type Matrix = z.infer<typeof Matrix>;

/** Which combinations of a matrix are left out. */
export const Exclude = z
  .array(Cell)
  .max(1000)
  .meta({ id: 'Exclude', description: 'Cells that are left out: each that has all the values of one of these.' });
export type Exclude = z.infer<typeof Exclude>;
