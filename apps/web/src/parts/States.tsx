import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { errorWords } from './notices.js';

/** Rows of the shape of what is to come; not before 150 ms, so that what is quick does not flicker. */
export function Skeleton({ rows = 5 }: { rows?: number }) {
  const [isDue, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), 150);
    return () => clearTimeout(timer);
  }, []);
  if (!isDue) return <div className="skeleton" hidden />;
  return (
    <div className="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <div key={row} className="skeleton-row" />
      ))}
    </div>
  );
}

/** What could not be read, why, and how to try again. */
export function Failed({ what, error, onRetry }: { what: string; error: unknown; onRetry?: () => void }) {
  return (
    <div className="failed" role="alert">
      <p>
        <strong>{what}</strong> {errorWords(error)}
      </p>
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Nothing there, and what to do about it. */
export function Empty({ children }: { children: ReactNode }) {
  return <div className="empty">{children}</div>;
}
