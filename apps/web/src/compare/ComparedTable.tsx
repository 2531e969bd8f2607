interface Row {
  what: string;
  a: string;
  b: string;
  /** What is to be said of the two. */
  note?: string;
}

/** What is not alike, a row each; what is said where there is nothing. */
export function ComparedTable({ label, rows, nothing }: { label: string; rows: readonly Row[]; nothing: string }) {
  if (rows.length === 0) return <p className="calm">{nothing}</p>;
  const hasNotes = rows.some(({ note }) => note !== undefined);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what may be wider than its box must be scrollable by keyboard
    <div className="scroll" tabIndex={0}>
      <table className="compared" aria-label={label}>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">What</span>
            </th>
            <th scope="col">A</th>
            <th scope="col">B</th>
            {hasNotes && <th scope="col">Difference</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ what, a, b, note }) => (
            <tr key={what}>
              <th scope="row">{what}</th>
              <td>{a}</td>
              <td>{b}</td>
              {hasNotes && <td className="faint">{note}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
