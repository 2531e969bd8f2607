import { compareJobs } from './compareJobs.js';
import type { RequirementClass } from './RequirementClass.js';
import type { Outlook } from './types.js';
import type { Waiter } from './Waiter.js';

/**
 * What goes before a waiting job, and where all of it may go. Beside the jobs that want the same drones, those count
 * that want what these could have had, and so on.
 */
export function outlookOf(waiter: Waiter, atMost: number): Outlook | undefined {
  if (waiter.requirementClass.open.size === 0) return undefined;
  const classes = connected(waiter.requirementClass);
  const count = [...classes].reduce((sum, { line }) => sum + line.countBefore(waiter), 0);
  if (count > atMost) return undefined;
  const ahead = [...classes].flatMap((requirementClass) => {
    const drones = openIds(requirementClass);
    return before(waiter, requirementClass).map((job) => ({ job, drones }));
  });
  ahead.sort((a, b) => compareJobs(a.job, b.job));
  return { drones: openIds(waiter.requirementClass), ahead: ahead.map(({ job: { id }, drones }) => ({ id, drones })) };
}

/** The classes with jobs that share an open drone with this one, itself included, and those that share one with these. */
function connected(first: RequirementClass): Set<RequirementClass> {
  const found = new Set([first]);
  // What is added while a set is walked through is walked through too.
  for (const { open } of found) {
    for (const { places } of open) for (const other of places.keys()) if (other.line.size > 0) found.add(other);
  }
  return found;
}

const openIds = ({ open }: RequirementClass): string[] => [...open].map(({ id }) => id);

function before(waiter: Waiter, { line }: RequirementClass): Waiter[] {
  const jobs: Waiter[] = [];
  for (const job of line) {
    if (compareJobs(job, waiter) >= 0) break;
    jobs.push(job);
  }
  return jobs;
}
