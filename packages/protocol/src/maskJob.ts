import type { Command, Job, RepoAuth } from './job.js';
import { MASK, mapSecrets } from './secrets.js';

/**
 * A job as it may be shown: the values of `secrets`, the repository's credentials and what the configuration of plugins
 * names as secret are masked, and every command with a `screencmd` is replaced by it.
 */
export function maskJob(job: Job): Job {
  const masked: Job = { ...job };
  if (job.secrets) masked.secrets = Object.fromEntries(Object.keys(job.secrets).map((name) => [name, MASK]));
  if (job.repo)
    masked.repo = {
      ...job.repo,
      url: job.repo.url.replace(/\/\/[^/@]*@/, `//${MASK}@`),
      ...(job.repo.auth && { auth: maskAuth(job.repo.auth) }),
    };
  if (job.config) masked.config = mapSecrets(job.config, () => MASK);
  if (job.phases) {
    masked.phases = { ...job.phases };
    for (const phase of ['prepare', 'test', 'deploy', 'cleanup'] as const) {
      const commands = job.phases[phase];
      if (commands) masked.phases[phase] = commands.map(maskCommand);
    }
  }
  // Strider keeps passwords in the configuration of its plugins, and knows no other place for them.
  if ('user_config' in masked && masked.config) masked.config = Object.fromEntries(Object.keys(masked.config).map((name) => [name, MASK]));
  for (const name of ['repo_ssh_url', 'repo_config', 'deploy_config', 'github_apikey', 'user_config'])
    if (name in masked) masked[name] = MASK;
  return masked;
}

const maskAuth = (auth: RepoAuth): RepoAuth => (auth.type === 'ssh' ? { ...auth, key: MASK } : { ...auth, password: MASK });

function maskCommand(command: Command): Command {
  if (typeof command === 'string' || command.screencmd === undefined) return command;
  const { args: _, ...rest } = command;
  return { ...rest, command: command.screencmd };
}
