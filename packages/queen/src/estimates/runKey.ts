import { createHash } from 'node:crypto';
import { type Command, type Job, jobTypeOf, requirementsOf } from '@skep/protocol';

/**
 * The same for all jobs of which the past says something of the next: those of one project, type and repository that
 * run the same commands, plugins and handler on drones with the same labels and platform. What differs from run to run without being
 * another job is left out: ids, branch and commit, trigger, environment and secrets, a task's data, priority, limits.
 */
export function runKeyOf(job: Job): string {
  const { labels, plugins, handlers, platform } = requirementsOf(job);
  const { prepare, test, deploy, cleanup } = job.phases ?? {};
  const what = [
    job.project ?? null,
    jobTypeOf(job),
    job.repo?.url.replace(/\/\/[^/@]*@/, '//') ?? null,
    Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)),
    plugins,
    handlers,
    [prepare, test, deploy, cleanup].map((commands) => commands?.map(whatRuns) ?? []),
    // Left out where there is none: so the key of a job is what it was before there were platforms.
    ...(platform === null ? [] : [platform]),
  ];
  // 96 bits: among a million different jobs, two share a key once in 10^17 times.
  return createHash('sha256').update(JSON.stringify(what)).digest('base64url').slice(0, 16);
}

/** The process that a command starts; not where its variables, its time limit or its name on the screen differ. */
const whatRuns = (command: Command): unknown =>
  typeof command === 'string' ? command : [command.command, command.args ?? [], command.cwd ?? null, command.shell ?? null];
