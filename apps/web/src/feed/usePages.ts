import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useReadAgainOnReturn } from './queries.js';
import { useFeed } from './useFeed.js';

/** After jobs have changed, what is shown of their sum is read again no more often than this. */
const AGAIN_MS = 3000;

/** What the queen lists a page at a time, from its first page on, read again when jobs have changed. @param ask for the page at a place; without one for the first */
export function usePages<P extends { next: string | null }>(key: readonly unknown[], ask: (place: string | undefined) => Promise<P>) {
  const feed = useFeed();
  const queries = useQueryClient();
  const keyText = JSON.stringify(key);
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => ask(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = (): void => {
      timer = undefined;
      void queries.invalidateQueries({ queryKey: JSON.parse(keyText) as unknown[], exact: true });
    };
    const stop = feed.onJob(() => {
      timer ??= setTimeout(read, AGAIN_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [feed, queries, keyText]);
  useReadAgainOnReturn(key);
  return query;
}
