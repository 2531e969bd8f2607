import { delimiter } from 'node:path';
import type { AssignedJob } from '@skep/protocol';
import { bareUrl } from '../workspace/address.js';
import type { AttemptContext } from './AttemptContext.js';

/** What plugins add to the environment of commands; the folders come first in PATH. */
export interface Contributed {
  readonly env: Readonly<Record<string, string>>;
  readonly path: readonly string[];
}

/** What everybody's commands may see of the drone's own environment. */
const alwaysPassed = ['PATH', 'HOME', 'LANG'];
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The drone's own variables that reach the processes it starts; its token is never among them. */
export function passedEnv(passEnv: readonly string[]): Record<string, string> {
  const env: Record<string, string> = { PATH: defaultPath };
  for (const name of [...alwaysPassed, ...passEnv]) {
    const value = process.env[name];
    if (value !== undefined && name !== 'SKEP_TOKEN') env[name] = value;
  }
  return env;
}

/**
 * The variables that the commands of a job see, later ones over earlier ones: the drone's, what names the attempt (also
 * under the names that Strider gives it), what plugins contribute, those of the environment phase, `env`, `secrets`.
 * @param commit the id of what was checked out
 */
export function commandEnv(
  { job, drone }: Pick<AttemptContext, 'job' | 'drone'>,
  tmpDir: string,
  commit: string,
  contributed: Contributed = { env: {}, path: [] },
): Record<string, string> {
  const env: Record<string, string> = {
    ...passedEnv(drone.passEnv),
    TMPDIR: tmpDir,
    CI: 'true',
    ...names(job, drone, commit),
    ...contributed.env,
    ...job.phases?.environment?.env,
    ...job.env,
    ...job.secrets,
  };
  return { ...env, PATH: [...contributed.path, env.PATH].join(delimiter) };
}

function names(job: AssignedJob, drone: AttemptContext['drone'], commit: string): Record<string, string> {
  const { id, attempt, project = '', repo, ref, trigger, ticket } = job;
  const branch = ref && 'branch' in ref && typeof ref.branch === 'string' ? ref.branch : '';
  const fetched = ref && 'fetch' in ref ? String(ref.fetch) : '';
  return {
    SKEP_JOB_ID: id,
    SKEP_ATTEMPT: String(attempt),
    SKEP_DRONE: drone.name,
    SKEP_QUEEN: drone.queen,
    ...(ticket !== undefined && { SKEP_TICKET: ticket }),
    SKEP_PROJECT: project,
    SKEP_BRANCH: branch,
    SKEP_COMMIT: commit,
    SKEP_URL: repo ? bareUrl(repo.url) : '',
    STRIDER: 'true',
    STRIDER_BUILD: id,
    STRIDER_JOB_ID: id,
    STRIDER_TRIGGER: trigger?.type ?? 'manual',
    STRIDER_SLUG: project,
    STRIDER_BRANCH: branch,
    STRIDER_COMMIT: commit,
    STRIDER_PR: /^\+?refs\/pull\/(\d+)\//.exec(fetched)?.[1] ?? '',
  };
}
