import type { Schedule } from '@skep/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useReadAgainOnReturn } from './queries.js';
import { useFeed } from './useFeed.js';

const key = ['schedules'];

/** All schedules, by name; what changes is written into them as it is told. */
export function useSchedules() {
  const feed = useFeed();
  const queries = useQueryClient();
  const query = useQuery<Schedule[]>({ queryKey: key, queryFn: () => feed.client.schedules.list() });
  useEffect(
    () => feed.onSchedule((name, schedule) => queries.setQueryData<Schedule[]>(key, (all) => all && withSchedule(all, name, schedule))),
    [feed, queries],
  );
  useReadAgainOnReturn(key);
  return query;
}

/** Shows a schedule as the queen has answered that it is, without waiting to be told of it. */
export function useShowSchedule(): (schedule: Schedule) => void {
  const queries = useQueryClient();
  return (schedule) => queries.setQueryData<Schedule[]>(key, (all) => all && withSchedule(all, schedule.name, schedule));
}

function withSchedule(all: readonly Schedule[], name: string, schedule: Schedule | undefined): Schedule[] {
  const others = all.filter((each) => each.name !== name);
  return schedule ? [...others, schedule].sort((a, b) => (a.name < b.name ? -1 : 1)) : others;
}
