import { FACET_JOBS, type FacetsAnswer, type JobsFilter } from '@skep/protocol';
import type { JobFilter, Store, Tally } from '@skep/store';

/** For so long an answer serves all who ask the same: a page asks again with every change that it hears of. */
const FRESH_MS = 1000;
const MAX_KEPT = 100;

/** Counts jobs by standing, project and drone, each under the other filters. */
export function createFacets(store: Pick<Store, 'tally'>): (filter: JobsFilter) => Promise<FacetsAnswer> {
  const kept = new Map<string, Promise<FacetsAnswer>>();
  return (filter) => {
    const { status, outcome, project, drone, parent } = filter;
    const key = JSON.stringify([status, outcome, project, drone, parent]);
    const known = kept.get(key);
    if (known) return known;
    const answer = countedBy(store, filter);
    if (kept.size < MAX_KEPT) {
      kept.set(key, answer);
      setTimeout(() => kept.delete(key), FRESH_MS).unref();
    }
    return answer;
  };
}

async function countedBy(store: Pick<Store, 'tally'>, { status, outcome, project, drone, parent }: JobsFilter): Promise<FacetsAnswer> {
  const ofParent: Filter = parent === undefined ? {} : { parent: parent === 'none' ? null : parent };
  const standing: Filter = { ...(status !== undefined && { status }), ...(outcome !== undefined && { outcome }) };
  const ofProject: Filter = project === undefined ? {} : { project };
  const ofDrone: Filter = drone === undefined ? {} : { droneId: drone };
  const [standings, projects, drones] = await Promise.all([
    store.tally({ ...ofParent, ...ofProject, ...ofDrone }, 'standing', FACET_JOBS),
    store.tally({ ...ofParent, ...standing, ...ofDrone }, 'project', FACET_JOBS),
    store.tally({ ...ofParent, ...standing, ...ofProject }, 'droneId', FACET_JOBS),
  ]);
  return {
    standings: standings.counts.flatMap(({ status: each, outcome: end, jobs }) =>
      each ? [{ status: each, ...(end && { outcome: end }), jobs }] : [],
    ),
    projects: mostFirst(projects).flatMap(({ project: name, jobs }) => (name === undefined ? [] : [{ project: name, jobs }])),
    drones: mostFirst(drones).flatMap(({ droneId, jobs }) => (droneId === undefined ? [] : [{ drone: droneId, jobs }])),
    isAll: standings.isAll && projects.isAll && drones.isAll,
  };
}

type Filter = Omit<JobFilter, 'before' | 'limit'>;

const MAX_NAMED = 200;
const mostFirst = ({ counts }: Tally): Tally['counts'] => [...counts].sort((a, b) => b.jobs - a.jobs).slice(0, MAX_NAMED);
