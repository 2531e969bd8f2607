import type { HookName, JobNotice, JobSummary } from '@skep/protocol';
import { summarize } from './announce.js';
import type { Core, Decision } from './core.js';
import type { LiveJob } from './LiveJob.js';

/** Has hooks told, after the commit, what a job is by this decision. */
export function tellHooks(
  core: Core,
  decision: Decision,
  hook: HookName,
  job: LiveJob,
  more: Omit<JobNotice, 'hook' | 'job'> = {},
  summary: JobSummary = summarize(core, job),
): void {
  decision.tell(() => core.announcer.jobNotice({ hook, job: summary, ...more }));
}
