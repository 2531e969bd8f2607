/** Rows in columns as wide as what they hold, two spaces apart; the last column is as long as it is. */
export function tableLines(rows: readonly (readonly Cell[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, plain(cell).length);
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const text = typeof cell === 'string' ? cell : cell.painted;
        return column === row.length - 1 ? text : text + ' '.repeat((widths[column] ?? 0) - plain(cell).length);
      })
      .join('  ')
      .trimEnd(),
  );
}

/** What a cell shows: text, or painted text beside what it is without the paint. */
export type Cell = string | { plain: string; painted: string };

const plain = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.plain);
