import { type AssignedJob, jobTypeOf } from '@skep/protocol';

const types: Readonly<Record<string, string>> = { TEST: 'TEST_ONLY', 'TEST&DEPLOY': 'TEST_AND_DEPLOY', DEPLOY: 'DEPLOY_ONLY' };

/** A job in the form in which Strider's plugins know it. What the caller gave beside our own fields is there as it came; secrets are not. */
export function striderJob(job: AssignedJob): Record<string, unknown> {
  const { secrets: _, lease: _lease, repo, ref, trigger, project: name = '', ...rest } = job;
  const fetch = ref && 'fetch' in ref ? ref.fetch : undefined;
  const url = repo ? repo.url.replace(/\/\/[^/@]*@/, '//') : '';
  const project = {
    name,
    display_name: name,
    display_url: url,
    branches: [],
    creator: {},
    provider: { id: repo?.provider ?? 'git', config: { url } },
  };
  return {
    ...rest,
    _id: job.id,
    type: types[jobTypeOf(job)] ?? 'TEST_ONLY',
    // Without a ref it is what the repository itself calls its newest.
    ref: ref ?? { fetch: 'HEAD' },
    ...(fetch === undefined && ref && 'id' in ref && { commit: ref.id }),
    trigger: { type: 'manual', ...trigger },
    project,
    providerConfig: { url },
  };
}

/** What a provider of Strider's wants to know of a repository: `{url, auth}`, and whatever the job's configuration of it says. */
export function providerConfig({ repo }: Pick<AssignedJob, 'repo'>, config: unknown): Record<string, unknown> {
  const own = typeof config === 'object' && config !== null ? (config as Record<string, unknown>) : {};
  return { auth: authOf(repo), ...(repo && { url: repo.url.replace(/^(https?:\/\/)[^/@]*@/, '$1') }), ...own };
}

function authOf(repo: AssignedJob['repo']): Record<string, string> {
  const scheme = /^(https?):/i.exec(repo?.url ?? '')?.[1]?.toLowerCase();
  if (repo?.auth?.type === 'ssh') return { type: 'ssh', privkey: repo.auth.key };
  if (repo?.auth?.type === 'https') return { type: scheme ?? 'https', username: repo.auth.username, password: repo.auth.password };
  const [, username = '', password = ''] = /^https?:\/\/([^/@:]*):?([^/@]*)@/i.exec(repo?.url ?? '') ?? [];
  return scheme ? { type: scheme, username: decodeURIComponent(username), password } : { type: 'ssh', privkey: '' };
}
