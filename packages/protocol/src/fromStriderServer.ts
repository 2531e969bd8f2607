import * as z from 'zod';
import { Job, type Ref, type Repo, type RepoAuth } from './job.js';
import { parseAs } from './parse.js';

const Text = z.string().nullish();
const Anything = z.record(z.string(), z.unknown()).nullish();
const Account = z.looseObject({ accessToken: Text }).nullish();

const ProviderConfig = z
  .looseObject({
    url: Text,
    scm: Text,
    auth: z.looseObject({ type: Text, username: Text, password: Text, privkey: Text }).nullish(),
  })
  .nullish();

/** A job as Strider's server hands it to its runners by `job.new`. */
const ServerJob = z.looseObject({
  _id: z.unknown(),
  type: Text,
  user_id: z.unknown().optional(),
  ref: z.looseObject({ branch: Text, id: Text, fetch: Text }).nullish(),
  trigger: z.looseObject({ type: Text }).nullish(),
  fromStriderJson: z.boolean().nullish(),
  providerConfig: ProviderConfig,
  project: z.looseObject({ name: z.string(), privkey: Text, provider: z.looseObject({ id: Text }).nullish() }),
});

/** What the job's branch is configured to, merged with its `strider.json`. */
const BranchConfig = z.looseObject({
  plugins: z.array(z.looseObject({ id: z.string(), enabled: z.boolean().nullish(), config: z.unknown().optional() })).nullish(),
  envKeys: z.boolean().nullish(),
  privkey: Text,
  pubkey: Text,
  runner: z.looseObject({ config: Anything }).nullish(),
});

/** What a branch may say of a job in our own words, as its runner's configuration. */
const OwnWords = Job.pick({
  requires: true,
  phases: true,
  env: true,
  priority: true,
  timeout: true,
  retry: true,
  lostAfter: true,
}).partial();

const types: Readonly<Record<string, string>> = { TEST_ONLY: 'TEST', TEST_AND_DEPLOY: 'TEST&DEPLOY', DEPLOY_ONLY: 'DEPLOY' };

/**
 * A job of Strider's server as a job of ours, under the same id. Its plugins are those that are enabled, in their order;
 * their configuration goes with them, and what the project's owner has configured as `user_config`.
 * @param config the branch's configuration; its `runner.config` may hold `requires`, `phases`, `env`, `priority`, `timeout`, `retry` and `lostAfter`
 * @param account what the owner of the project has configured for its provider, such as `{accessToken}`
 * @param userPlugins what the owner has configured for plugins, by their names
 * @throws {SkepError} INVALID_JOB
 */
export function fromStriderServer(job: unknown, config: unknown, account?: unknown, userPlugins?: unknown): Job {
  const server = parseAs(ServerJob, plain(job), "Strider's job", 'INVALID_JOB');
  const branch = parseAs(BranchConfig, plain(config), "The branch's configuration", 'INVALID_JOB');
  const own = parseAs(OwnWords, branch.runner?.config ?? {}, "The runner's configuration", 'INVALID_JOB');
  const user = parseAs(Account, plain(account), 'The account of the provider', 'INVALID_JOB');
  const plugins = (branch.plugins ?? []).filter(({ enabled }) => enabled !== false);
  const provider = server.project.provider?.id ?? undefined;
  const repo = repoOf(server, provider, branch.privkey ?? server.project.privkey, user?.accessToken);
  const made = {
    ...own,
    id: String(server._id),
    job_type: types[server.type ?? ''] ?? 'TEST',
    project: server.project.name,
    ...(repo && { repo, ref: refOf(server.ref) }),
    trigger: { type: 'manual', ...withoutNulls(server.trigger ?? {}) },
    // Whoever has no address that we could check out from is asked to fetch by itself.
    plugins: [...(repo || provider === undefined ? [] : [provider]), ...plugins.map(({ id }) => id)],
    config: Object.fromEntries([
      ...(provider === undefined ? [] : [[provider, server.providerConfig ?? {}]]),
      ...plugins.map(({ id, config: given }) => [id, given ?? {}]),
    ]),
    user_config: { ...(plain(userPlugins) as object | undefined), ...(user && provider !== undefined && { [provider]: user }) },
    ...(server.user_id !== undefined && { user_id: server.user_id }),
    fromStriderJson: server.fromStriderJson === true,
    ...(branch.envKeys && { secrets: { STRIDER_SSH_PUB: branch.pubkey ?? '', STRIDER_SSH_PRIV: branch.privkey ?? '' } }),
  };
  return parseAs(Job, made, "Strider's job", 'INVALID_JOB');
}

function repoOf(
  { providerConfig }: z.infer<typeof ServerJob>,
  provider: string | undefined,
  key: string | null | undefined,
  token: string | null | undefined,
): Repo | undefined {
  const url = providerConfig?.url;
  if (!url) return undefined;
  const auth = authOf(providerConfig.auth, key, token);
  return { url, ...(provider !== undefined && { provider }), vcs: providerConfig.scm === 'hg' ? 'hg' : 'git', ...(auth && { auth }) };
}

function authOf(
  auth: NonNullable<z.infer<typeof ProviderConfig>>['auth'],
  key: string | null | undefined,
  token: string | null | undefined,
): RepoAuth | undefined {
  if (auth?.type === 'ssh') {
    const own = auth.privkey || key;
    return own ? { type: 'ssh', key: own } : undefined;
  }
  if (auth?.username) return { type: 'https', username: auth.username, password: auth.password ?? '' };
  return token ? { type: 'https', username: token, password: '' } : undefined;
}

function refOf(ref: z.infer<typeof ServerJob>['ref']): Ref {
  if (ref?.fetch) return { fetch: ref.fetch };
  return { branch: ref?.branch || 'master', ...(ref?.id && { id: ref.id }) };
}

const withoutNulls = (given: object): object => Object.fromEntries(Object.entries(given).filter(([, value]) => value != null));

/** What of it JSON can say: documents and ids of a database become objects and texts. */
const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
