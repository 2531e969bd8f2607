import * as z from 'zod';
import type { Job, Repo } from './job.js';

/** What Strider hands its workers, as far as a job is made of it. Everything is optional; more is allowed. */
const StriderJob = z.looseObject({
  job_id: z.string().optional(),
  user_id: z.unknown().optional(),
  job_type: z.string().optional(),
  repo_ssh_url: z.string().optional(),
  github_apikey: z.string().optional(),
  repo_config: z
    .looseObject({
      url: z.string().optional(),
      display_url: z.string().optional(),
      display_name: z.string().optional(),
      privkey: z.string().optional(),
      active_branch: z.string().optional(),
    })
    .optional(),
  deploy_config: z.unknown().optional(),
  deploy_target: z.unknown().optional(),
  github_commit_info: z
    .looseObject({
      id: z.string().optional(),
      message: z.string().optional(),
      url: z.string().optional(),
      author: z.unknown().optional(),
      timestamp: z.unknown().optional(),
    })
    .optional(),
});

const striderTypes: Record<string, string> = { TEST_ONLY: 'TEST', DEPLOY_ONLY: 'DEPLOY', TEST_AND_DEPLOY: 'TEST&DEPLOY' };

/** Whether this is job data in the form that Strider hands its workers. */
export const isStriderJob = (data: unknown): boolean =>
  typeof data === 'object' &&
  data !== null &&
  ('repo_config' in data || 'repo_ssh_url' in data || 'github_commit_info' in data || ('job_id' in data && !('id' in data)));

/**
 * Strider's job data as a job of ours. All that was given stays; what is missing of `id`, `project`, `repo`, `ref`,
 * `trigger` and `job_type` is made from it. Data that does not have Strider's form is returned as it came, for the
 * job's own schema to judge.
 */
export function fromStrider(data: unknown): unknown {
  const parsed = StriderJob.safeParse(data);
  if (!parsed.success) return data;
  const { job_id, job_type, repo_config, github_commit_info: commit } = parsed.data;
  const made: Partial<Job> = {};
  if (job_id !== undefined) made.id = job_id;
  if (job_type !== undefined && Object.hasOwn(striderTypes, job_type)) made.job_type = striderTypes[job_type];
  const project = repo_config?.display_name ?? repo_config?.display_url ?? repo_config?.url;
  if (project !== undefined) made.project = project;
  const repo = repoOf(parsed.data);
  if (repo) {
    made.repo = repo;
    made.ref = { branch: repo_config?.active_branch ?? 'master', ...(commit?.id !== undefined && { id: commit.id }) };
  }
  if (commit) made.trigger = { type: 'commit', ...commit };
  return { ...made, ...parsed.data, ...(made.job_type !== undefined && { job_type: made.job_type }) };
}

function repoOf({ repo_ssh_url, repo_config, github_apikey }: z.infer<typeof StriderJob>): Repo | undefined {
  const key = repo_config?.privkey;
  if (repo_ssh_url !== undefined && key !== undefined) return { url: repo_ssh_url, vcs: 'git', auth: { type: 'ssh', key } };
  const url = repo_config?.url ?? repo_ssh_url;
  if (url === undefined) return undefined;
  // GitHub takes a personal key as the name, with this fixed word as the password.
  const auth =
    github_apikey === undefined || !url.startsWith('http')
      ? undefined
      : ({ type: 'https', username: github_apikey, password: 'x-oauth-basic' } as const);
  return { url, vcs: 'git', ...(auth && { auth }) };
}
