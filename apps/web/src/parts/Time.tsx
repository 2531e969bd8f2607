import { useNow } from '../feed/useFeed.js';
import { ago, fullTime, span } from '../words.js';

/** How long ago it was; the instant itself on hover and for screen readers. */
export function Ago({ at }: { at: number }) {
  const now = useNow(5000);
  return (
    <time dateTime={new Date(at).toISOString()} title={fullTime(at)}>
      {ago(at, now)}
    </time>
  );
}

/** How long it took; counts on while it has no end. */
export function Took({ from, to }: { from: number | null; to: number | null }) {
  const now = useNow(1000);
  if (from === null) return <span className="faint">–</span>;
  return <span className="number">{span((to ?? now) - from)}</span>;
}
