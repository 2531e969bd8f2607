import { JobStatus, type JobsFilter, Outcome } from '@skep/protocol';

/** Which jobs are shown: one word for their status or outcome, as it stands in the address. */
export const shows: readonly (readonly [value: string, words: string])[] = [
  ['', 'All'],
  ['active', 'Active'],
  ['queued', 'Queued'],
  ['running', 'Running'],
  ['passed', 'Passed'],
  ['failed', 'Failed'],
  ['errored', 'Errored'],
  ['timed-out', 'Timed out'],
  ['cancelled', 'Cancelled'],
  ['lost', 'Lost'],
];

/** The filter that an address gives. */
export function filterIn(search: URLSearchParams): JobsFilter {
  const show = search.get('show') ?? '';
  const status = show === 'active' ? 'active' : JobStatus.safeParse(show).data;
  const outcome = Outcome.safeParse(show).data;
  const [project, drone] = [search.get('project'), search.get('drone')];
  // What a drone ran are the children of a parent, and never the parent.
  const own = drone ? { drone } : { parent: 'none' as const };
  return { ...(status && { status }), ...(outcome && { outcome }), ...(project && { project }), ...own };
}

/** The address of a filter. */
export function searchOf({ status, outcome, project, drone }: JobsFilter): URLSearchParams {
  const show = outcome ?? status;
  return new URLSearchParams({ ...(show && { show }), ...(project && { project }), ...(drone && { drone }) });
}

/** Whether two filters mean the same jobs. */
export const isSameFilter = (a: JobsFilter, b: JobsFilter): boolean => searchOf(a).toString() === searchOf(b).toString();
