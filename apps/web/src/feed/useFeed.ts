import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { Feed, FeedState } from './Feed.js';

export const FeedContext = createContext<Feed | undefined>(undefined);

/** The page's connection to the queen. */
export function useFeed(): Feed {
  const feed = useContext(FeedContext);
  if (!feed) throw new Error('There is no feed around this component');
  return feed;
}

/** What is known of the queue, as it changes. */
export function useQueue(): FeedState {
  const feed = useFeed();
  return useSyncExternalStore(feed.subscribe, feed.state);
}

/** The time, in Unix ms, again after so many ms. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
