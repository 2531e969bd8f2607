import { keepPreviousData, type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useFeed } from './useFeed.js';

/**
 * Asks the queen for what no event carries, and asks again when something in the queue has changed: at most every so many
 * ms, and not while nobody looks at the page. What is known stays on the page until there is another answer.
 * @param everyMs undefined for what does not change
 */
export function useLive<T>(key: readonly unknown[], ask: () => Promise<T>, everyMs: number | undefined, isOn = true): UseQueryResult<T> {
  const feed = useFeed();
  const queries = useQueryClient();
  const keyText = JSON.stringify(key);
  useEffect(() => {
    if (!isOn || everyMs === undefined) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isStale = false;
    const read = (): void => {
      timer = undefined;
      if (document.hidden || feed.state().connection !== 'live') return;
      isStale = false;
      void queries.invalidateQueries({ queryKey: JSON.parse(keyText) as unknown[], exact: true });
    };
    const hear = (): void => {
      isStale = true;
      timer ??= setTimeout(read, everyMs);
    };
    const look = (): void => {
      if (isStale) read();
    };
    const stops = [feed.subscribe(hear), feed.onJob(hear)];
    document.addEventListener('visibilitychange', look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
      for (const stop of stops) stop();
    };
  }, [feed, queries, keyText, everyMs, isOn]);
  return useQuery<T>({ queryKey: key, queryFn: ask, enabled: isOn, placeholderData: keepPreviousData, staleTime: 0 });
}
