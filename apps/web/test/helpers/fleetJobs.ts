import { until } from './until.js';

/** What the tests read of a job. */
export interface JobNow {
  status: string;
  outcome?: string;
  output: { lines: number; bytes: number; state: string };
}

/** Submits a job over HTTP and returns its id. */
export async function submit(url: string, job: unknown): Promise<string> {
  const answer = await fetch(`${url}/api/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(job),
  });
  const { id } = (await answer.json()) as { id: string };
  return id;
}

export const jobOf = async (url: string, id: string): Promise<JobNow> => (await (await fetch(`${url}/api/jobs/${id}`)).json()) as JobNow;

export const outputOf = async (url: string, id: string): Promise<string> => (await fetch(`${url}/api/jobs/${id}/output`)).text();

/** The job once it is done. */
export const done = (url: string, id: string): Promise<JobNow> =>
  until(async () => {
    const job = await jobOf(url, id);
    return job.status === 'done' && job;
  });

/** The job once it is running. */
export const running = (url: string, id: string): Promise<JobNow> =>
  until(async () => {
    const job = await jobOf(url, id);
    return job.status === 'running' && job;
  });
