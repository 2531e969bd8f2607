import type { JobInfo, JobSummary, JobsFilter, JobsPage, JobsQuery, JobsSort } from '@skep/protocol';
import { type InfiniteData, QueryClient, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useFeed } from './useFeed.js';

type Pages = InfiniteData<JobsPage, string | undefined>;
/** Which jobs a list is of; `branch` only beside `project`. */
type JobsMeant = JobsFilter & Pick<JobsQuery, 'branch'>;

export const newQueryClient = (): QueryClient =>
  // Nothing is asked again by the clock: events say what has changed. What they said while no page showed it was written
  // nowhere, so a page that is gone back to shows what it had and asks again.
  new QueryClient({
    defaultOptions: {
      queries: { staleTime: Number.POSITIVE_INFINITY, refetchOnMount: 'always', refetchOnWindowFocus: false, retry: 1, retryDelay: 300 },
    },
  });

/** Jobs of a filter in an order, a page at a time; changes are written into them as they are told. */
export function useJobs(filter: JobsMeant, sort: JobsSort = 'newest', limit = 50) {
  const feed = useFeed();
  const queries = useQueryClient();
  const key = ['jobs', filter, sort, limit];
  const keyText = JSON.stringify(key);
  /** New jobs that are not shown yet. */
  const [fresh, setFresh] = useState<readonly string[]>([]);
  const query = useInfiniteQuery<JobsPage, Error, Pages, readonly unknown[], string | undefined>({
    queryKey: key,
    queryFn: ({ pageParam }) => feed.client.jobs({ ...filter, sort, limit, ...(pageParam !== undefined && { before: pageParam }) }),
    initialPageParam: undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  useEffect(() => {
    const parsed = JSON.parse(keyText) as [string, JobsMeant, JobsSort, number];
    // A filter names a drone by its id, a summary by its name.
    const nameOf = (id: string | undefined): string | undefined =>
      id === undefined ? undefined : (feed.state().drones.get(id)?.name ?? id);
    setFresh([]);
    return feed.onJob((summary) => {
      let isKnown = false;
      queries.setQueryData<Pages>(parsed, (data) => {
        if (!data) return data;
        isKnown = data.pages.some(({ jobs }) => jobs.some(({ id }) => id === summary.id));
        return isKnown ? withJob(data, summary) : data;
      });
      if (!isKnown && isWithin(parsed[1], summary, nameOf(parsed[1].drone)))
        setFresh((ids) => (ids.includes(summary.id) ? ids : [...ids, summary.id]));
    });
  }, [feed, queries, keyText]);
  useReadAgainOnReturn(key);
  return {
    jobs: query.data?.pages.flatMap(({ jobs }) => jobs) ?? [],
    // What is shown already stays, and is read again when the queen is back.
    error: query.isRefetchError ? null : query.error,
    isLoading: query.isPending,
    isLoadingMore: query.isFetchingNextPage,
    hasMore: query.hasNextPage,
    loadMore: () => void query.fetchNextPage(),
    // Where the oldest come first, new ones come with the pages that are still to be loaded, at the end.
    fresh: sort === 'oldest' && query.hasNextPage ? 0 : fresh.length,
    showFresh: () => {
      setFresh([]);
      if (sort === 'newest') void queries.resetQueries({ queryKey: key });
      else void query.refetch();
    },
    reload: () => void query.refetch(),
  };
}

/** A job with all that is known of it but its output. */
export function useJob(id: string) {
  const feed = useFeed();
  const queries = useQueryClient();
  const key = ['job', id];
  const query = useQuery<JobInfo>({ queryKey: key, queryFn: () => feed.client.query(id), retry: false });
  useEffect(
    () =>
      feed.onJob((summary) => {
        if (summary.id !== id) return;
        const known = queries.getQueryData<JobInfo>(['job', id]);
        queries.setQueryData<JobInfo>(['job', id], (info) => info && { ...info, ...summaryPart(summary) });
        // Attempts and what became of the output are told only when they are asked for.
        if (known && (known.attempt !== summary.attempt || known.status !== summary.status))
          void queries.invalidateQueries({ queryKey: ['job', id] });
      }),
    [feed, queries, id],
  );
  useReadAgainOnReturn(key);
  return query;
}

/** Reads again what may have changed while nothing was told: before the connection was there, or while it was lost. */
export function useReadAgainOnReturn(key: readonly unknown[]): void {
  const feed = useFeed();
  const queries = useQueryClient();
  const keyText = JSON.stringify(key);
  useEffect(() => {
    let wasLive = feed.state().connection === 'live';
    return feed.subscribe(() => {
      const isLive = feed.state().connection === 'live';
      const isAgain = isLive && !wasLive;
      wasLive = isLive;
      if (isAgain) void queries.invalidateQueries({ queryKey: JSON.parse(keyText) as unknown[] });
    });
  }, [feed, queries, keyText]);
}

const withJob = (data: Pages, summary: JobSummary): Pages => ({
  ...data,
  pages: data.pages.map((page) => ({ ...page, jobs: page.jobs.map((job) => (job.id === summary.id ? summary : job)) })),
});

function isWithin({ status, outcome, project, branch, parent }: JobsMeant, job: JobSummary, drone: string | undefined): boolean {
  const hasStatus = status === undefined || (status === 'active' ? job.status !== 'done' : job.status === status);
  const agrees = (wanted: string | undefined, is: string | undefined): boolean => wanted === undefined || wanted === is;
  const hasParent = parent === undefined || (parent === 'none' ? job.parent === undefined : job.parent === parent);
  return (
    hasStatus &&
    hasParent &&
    agrees(outcome, job.outcome) &&
    agrees(project, job.project) &&
    agrees(branch, job.branch) &&
    agrees(drone, job.drone)
  );
}

/** What a summary says that the whole job says too. */
function summaryPart({
  title: _,
  project: _project,
  branch: _branch,
  job_type: _type,
  retryOf: _retryOf,
  ...rest
}: JobSummary): Partial<JobInfo> {
  return rest;
}
