import { useFeed, useQueue } from '../feed/useFeed.js';
import { Failed, Skeleton } from './States.js';

/** In place of drones and jobs that are not read yet: their shape, or why they cannot be. */
export function NotLoaded({ rows = 5 }: { rows?: number }) {
  const feed = useFeed();
  const { problem } = useQueue();
  if (problem === undefined) return <Skeleton rows={rows} />;
  return <Failed what="The drones and jobs cannot be read." error={problem} onRetry={() => void feed.readAll()} />;
}
