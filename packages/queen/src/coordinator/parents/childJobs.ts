import { type Cell, cellWords, groupOf, type Job, variableOf } from '@skep/protocol';

/** What a group's name may be long. */
const MAX_GROUP = 2000;

/** What a child does not have of its parent: its name, and what made that a parent. */
function withoutOwn({ id: _, job_id: __, matrix: ___, template: ____, retryOf: _____, ...job }: Job): Job {
  return job;
}

/**
 * The job of a cell: it requires the cell's platform, and labels for all other axes, and its commands see the cell.
 * @param values the axes that gave their values to parameters of a template, and so require nothing
 */
export function cellJob(job: Job, cell: Cell, values: ReadonlySet<string> = new Set()): Job {
  const { platform, ...labels } = Object.fromEntries(
    Object.entries(cell).flatMap(([axis, value]) => (values.has(axis) ? [] : [[axis, String(value)]])),
  ) as Record<string, string>;
  const variables = Object.fromEntries(Object.entries(cell).map(([axis, value]) => [variableOf(axis), String(value)]));
  const requires = {
    ...job.requires,
    ...(platform !== undefined && { platform }),
    ...(Object.keys(labels).length > 0 && { labels: { ...job.requires?.labels, ...labels } }),
  };
  return {
    ...withoutOwn(job),
    env: { ...job.env, ...variables },
    ...(Object.keys(requires).length > 0 && { requires }),
    ...groupOfCell(job, cell),
  };
}

/** Cells run beside each other where their job names no group: then each has one of its own in that of its project and branch. */
function groupOfCell(job: Job, cell: Cell): Pick<Job, 'concurrency'> {
  const group = job.concurrency === undefined ? groupOf(job) : undefined;
  return group ? { concurrency: { group: `${group.name} (${cellWords(cell)})`.slice(0, MAX_GROUP), limit: group.limit } } : {};
}

/** One of the builds of a reproducible job. @param notDrone the id of the drone that had the one before */
export function buildJob(job: Job, notDrone: string | null): Job {
  const { reproducible: _, ...build } = withoutOwn(job);
  if (notDrone === null) return build;
  return { ...build, requires: { ...build.requires, notDrones: [...(build.requires?.notDrones ?? []), notDrone] } };
}
