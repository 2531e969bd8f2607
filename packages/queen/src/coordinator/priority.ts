import { tellJobChanged } from './announce.js';
import { type Core, type Decision, decide } from './core.js';
import type { LiveJob } from './LiveJob.js';

/**
 * Gives a job another priority: its place in line changes at once; one that runs, or waits for something else than a
 * drone, has it when it next stands in line; of a parent, its children have it. Resolved when that is durable.
 */
export function changePriority(core: Core, job: LiveJob, priority: number): Promise<void> {
  return decide(core, (decision) => changeWithin(core, decision, job, priority));
}

function changeWithin(core: Core, decision: Decision, job: LiveJob, priority: number): void {
  for (const child of (job.family?.liveIds ?? []).map((id) => core.jobs.get(id))) if (child) changeWithin(core, decision, child, priority);
  if (job.record.priority === priority) return;
  job.record.priority = priority;
  core.fleet.moveJob(job.id, core.turnOf(job));
  decision.saveJob(job);
  tellJobChanged(core, decision, job);
}
