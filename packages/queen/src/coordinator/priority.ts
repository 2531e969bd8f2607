import { tellJobChanged } from './announce.js';
import { type Core, decide } from './core.js';
import type { LiveJob } from './LiveJob.js';

/**
 * Gives a job another priority: its place in line changes at once; one that runs, or waits for something else than a
 * drone, has it when it next stands in line. Resolved when that is durable.
 */
export function changePriority(core: Core, job: LiveJob, priority: number): Promise<void> {
  return decide(core, (decision) => {
    if (job.record.priority === priority) return;
    job.record.priority = priority;
    core.fleet.moveJob(job.id, core.turnOf(job));
    decision.saveJob(job);
    tellJobChanged(core, decision, job);
  });
}
