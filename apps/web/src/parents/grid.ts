import { type CellValue, cellWords, type JobSummary } from '@skep/protocol';

/** The cells of a matrix as they are drawn: of one axis a column, of two a grid, of more a list. */
export interface CellGrid {
  /** The name of the axis that runs across; undefined where there is one column. */
  across: string | undefined;
  columns: readonly string[];
  rows: readonly { name: string; cells: readonly (JobSummary | undefined)[] }[];
}

/** Lays out the children of a parent, which come in the order of its matrix. */
export function gridOf(children: readonly JobSummary[]): CellGrid {
  const [down, across, ...more] = Object.keys(children[0]?.cell ?? {});
  if (down === undefined || across === undefined || more.length > 0)
    return {
      across: undefined,
      columns: [''],
      rows: children.map((job) => ({ name: job.cell ? cellWords(job.cell) : job.title, cells: [job] })),
    };
  const columns = valuesOf(children, across);
  return {
    across,
    columns,
    rows: valuesOf(children, down).map((name) => ({
      name,
      cells: columns.map((column) => children.find(({ cell }) => textOf(cell?.[down]) === name && textOf(cell?.[across]) === column)),
    })),
  };
}

const textOf = (value: CellValue | undefined): string => String(value ?? '');

const valuesOf = (children: readonly JobSummary[], axis: string): string[] => [
  ...new Set(children.map(({ cell }) => textOf(cell?.[axis]))),
];
