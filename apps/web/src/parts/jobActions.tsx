import type { SkepClient } from '@skep/client';
import type { ArtifactInfo, JobSummary } from '@skep/protocol';
import { Link } from 'wouter';
import { startedHere } from '../feed/watching.js';
import { count } from '../words.js';

/** Where a job is shown. */
export const jobPath = (id: string): string => `/jobs/${encodeURIComponent(id)}`;
export const projectPath = (project: string): string => `/projects/${encodeURIComponent(project)}`;
/** Where one file is shown that an attempt at a job left behind. */
export const artifactPath = ({ job, attempt, path }: Pick<ArtifactInfo, 'job' | 'attempt' | 'path'>): string =>
  `${jobPath(job)}/attempts/${attempt}?tab=artifacts&artifact=${encodeURIComponent(path)}`;
export const dronePath = (id: string): string => `/drones/${encodeURIComponent(id)}`;

/** Cancels a job and says what has become of it. */
export async function cancelJob(client: SkepClient, id: string): Promise<React.ReactNode> {
  const { status } = await client.cancel(id, 'in the browser');
  return status === 'done' ? 'The job is over.' : 'The drone is told to end the job; its processes get 10 s to leave.';
}

/** Submits a done job again and leads to the new one. */
export async function retryJob(client: SkepClient, id: string): Promise<React.ReactNode> {
  const { id: next } = await client.retry(id);
  startedHere(next);
  return (
    <>
      Submitted again as <Link href={jobPath(next)}>{shortId(next)}</Link>.
    </>
  );
}

/** Does the same with many jobs; says how many it was done with, and why not with the others. */
export async function withEach(
  jobs: readonly Pick<JobSummary, 'id'>[],
  done: string,
  action: (id: string) => Promise<unknown>,
): Promise<React.ReactNode> {
  const results = await Promise.allSettled(jobs.map(({ id }) => action(id)));
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  const [first] = refused;
  if (first === undefined) return `${count(jobs.length, 'job')} ${done}.`;
  if (refused.length === jobs.length) throw first;
  const why = first instanceof Error ? first.message : String(first);
  return `${count(jobs.length - refused.length, 'job')} ${done}; ${refused.length} not: ${why}`;
}

/** An id as it is shown where there is little room: the end tells ids of the same minute apart. */
export const shortId = (id: string): string => (/^[0-9A-HJKMNP-TV-Z]{26}$/.test(id) ? `…${id.slice(-8)}` : id);
