import type { Job, Ref } from '@skep/protocol';
import { CliError } from '../CliError.js';
import type { Options } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';
import { secondsOf } from '../secondsOf.js';
import { type GitCheckout, gitCheckout } from './gitCheckout.js';
import { matrixOf } from './matrixOf.js';

export interface BuiltJob {
  job: Job;
  /** What whoever submits it should know. */
  warnings: string[];
}

/**
 * The job that `skep run` was asked for.
 * @param words the command: one word is a line for the shell, several are a program and its arguments
 */
export async function buildJob(
  options: Options,
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Promise<BuiltJob> {
  const { sources, warnings } = await sourcesOf(options, cwd);
  const [command = '', ...args] = words;
  const folder = options.text('cwd');
  const job: Job = {
    ...sources,
    trigger: { type: 'manual', source: 'skep run' },
    phases: {
      test: [
        args.length === 0 && folder === undefined ? command : { command, ...(args.length > 0 && { args }), ...(folder && { cwd: folder }) },
      ],
    },
  };
  Object.assign(job, wishesOf(options));
  const variables = options.list('env').map((each) => variableOf(each, '--env', env));
  if (variables.length > 0) job.env = Object.fromEntries(variables);
  const secrets = options.list('secret').map((each) => variableOf(each, '--secret', env));
  if (secrets.length > 0) job.secrets = Object.fromEntries(secrets);
  const group = options.text('group');
  if (group !== undefined) job.concurrency = { group };
  const matrix = matrixOf(options);
  if (matrix) job.matrix = matrix;
  if (options.isOn('reproducible')) job.reproducible = true;
  const artifacts = options.list('artifact');
  if (artifacts.length > 0) job.artifacts = artifacts;
  return { job, warnings };
}

/** What can be wished of any job: `--id`, `--project`, `--label`, `--platform`, `--drone`, `--timeout`, `--priority`. */
export function wishesOf(options: Options): Pick<Job, 'id' | 'project' | 'requires' | 'timeout' | 'priority'> {
  const names = ['id', 'project', 'timeout', 'priority', 'platform', 'drone'];
  const [id, project, timeout, priority, platform, drone] = names.map((name) => options.text(name));
  const labels = options.list('label').map((label) => pairOf(label, '--label'));
  const requires = {
    ...(labels.length > 0 && { labels: Object.fromEntries(labels) }),
    ...(platform !== undefined && { platform }),
    ...(drone !== undefined && { drone }),
  };
  return {
    ...(id !== undefined && { id }),
    ...(project !== undefined && { project }),
    ...(Object.keys(requires).length > 0 && { requires }),
    ...(timeout !== undefined && { timeout: { job: secondsOf(timeout, '--timeout') } }),
    ...(priority !== undefined && { priority: priorityOf(priority) }),
  };
}

async function sourcesOf(options: Options, cwd: string): Promise<{ sources: Pick<Job, 'repo' | 'ref'>; warnings: string[] }> {
  if (options.isOff('repo')) return { sources: {}, warnings: [] };
  const url = options.text('repo');
  const ref = options.text('ref');
  if (url !== undefined) return { sources: { repo: { url }, ...(ref !== undefined && { ref: refOf(ref) }) }, warnings: [] };
  const here = await gitCheckout(cwd);
  if (ref === undefined) return { sources: sourcesHere(here), warnings: here?.warnings ?? [] };
  if (here?.url !== undefined) return { sources: { repo: { url: here.url }, ref: refOf(ref) }, warnings: [] };
  throw new CliError(
    '--ref needs a repository',
    'this is no git checkout with a remote',
    'skep run --repo URL --ref REF -- COMMAND',
    EXIT.usage,
  );
}

const sourcesHere = (here: GitCheckout | undefined): Pick<Job, 'repo' | 'ref'> =>
  here?.url === undefined ? {} : { repo: { url: here.url }, ...(here.ref && { ref: here.ref }) };

/** A branch or tag by its name, a commit by its whole id, or anything below `refs/`. */
export function refOf(text: string): Ref {
  if (text.startsWith('refs/')) return { fetch: `+${text}` };
  if (/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text)) return { branch: 'HEAD', id: text };
  return { branch: text };
}

function priorityOf(text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text);
  throw new CliError(`--priority ${text} is not a whole number`, undefined, '--priority 10', EXIT.usage);
}

function pairOf(text: string, flag: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  throw new CliError(`${flag} ${text} has no value`, undefined, `${flag} ${text}=VALUE`, EXIT.usage);
}

/** `K=V`, or `K` for the value that it has here. */
function variableOf(text: string, flag: string, env: Readonly<Record<string, string | undefined>>): [string, string] {
  if (text.includes('=')) return pairOf(text, flag);
  const value = env[text];
  if (value !== undefined) return [text, value];
  throw new CliError(`${flag} ${text} has no value`, `the variable ${text} is not set here`, `${flag} ${text}=VALUE`, EXIT.usage);
}
