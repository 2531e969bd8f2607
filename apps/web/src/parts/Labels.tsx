/** The labels of a drone; nothing where it has none. */
export function Labels({ labels }: { labels: Readonly<Record<string, string>> }) {
  const pairs = Object.entries(labels);
  if (pairs.length === 0) return null;
  return (
    <ul className="labels" aria-label="Labels">
      {pairs.map(([name, value]) => (
        <li key={name}>
          {name}={value}
        </li>
      ))}
    </ul>
  );
}
