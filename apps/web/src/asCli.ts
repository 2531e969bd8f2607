import { type Command, type Job, jobTypeOf } from '@skep/protocol';

/** The command line that submits this job again, ready for a POSIX shell. Secrets are taken from the variables of that shell. */
export function asCli(job: Job, queen: string): string {
  const command = onlyCommand(job);
  if (command === undefined) return `skep submit --queen ${quote(queen)} - <<'SKEP'\n${asJson(job)}\nSKEP`;
  const flags = [
    `--queen ${quote(queen)}`,
    ...Object.entries(job.requires?.labels ?? {}).map(([name, value]) => `--label ${quote(`${name}=${value}`)}`),
    ...Object.entries(job.env ?? {}).map(([name, value]) => `--env ${quote(`${name}=${value}`)}`),
    ...Object.keys(job.secrets ?? {}).map((name) => `--secret ${name}`),
    job.repo ? `--repo ${quote(job.repo.url)}` : '--no-repo',
    ...(refOf(job) === undefined ? [] : [`--ref ${quote(refOf(job) ?? '')}`]),
    ...(job.timeout?.job === undefined ? [] : [`--timeout ${Math.ceil(job.timeout.job)}s`]),
    ...(job.priority ? [`--priority ${job.priority}`] : []),
    ...(job.project === undefined ? [] : [`--project ${quote(job.project)}`]),
  ];
  return `skep run ${flags.join(' ')} -- ${command}`;
}

/** The job as JSON, without what the queen gave it. */
export function asJson(job: Job): string {
  const { id: _, retryOf: _retryOf, ...rest } = job;
  return JSON.stringify(rest, null, 2);
}

/** A word as a POSIX shell reads it back. */
export const quote = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

const knownToRun = new Set([
  'id',
  'retryOf',
  'job_type',
  'project',
  'repo',
  'ref',
  'trigger',
  'phases',
  'env',
  'secrets',
  'requires',
  'priority',
  'timeout',
]);

/** The words after `--` of a job that `skep run` can say; undefined where it needs more than one command. */
function onlyCommand(job: Job): string | undefined {
  const { test = [], ...others } = job.phases ?? {};
  const isSimple =
    jobTypeOf(job) === 'TEST' &&
    Object.keys(job).every((key) => knownToRun.has(key)) &&
    Object.values(others).every((value) => value === undefined) &&
    Object.keys(job.requires ?? {}).every((key) => key === 'labels') &&
    Object.keys(job.timeout ?? {}).every((key) => key === 'job') &&
    job.repo?.auth === undefined;
  const [first] = test;
  return isSimple && test.length === 1 && first !== undefined ? wordsOf(first) : undefined;
}

function wordsOf(command: Command): string | undefined {
  if (typeof command === 'string') return quote(command);
  const { command: program, args, ...rest } = command;
  if (Object.keys(rest).length > 0) return undefined;
  return [program, ...(args ?? [])].map(quote).join(' ');
}

function refOf({ ref }: Job): string | undefined {
  if (!ref) return undefined;
  if (typeof ref.fetch === 'string') return /^\+?(refs\/[^:]+)/.exec(ref.fetch)?.[1];
  const { id, branch } = ref;
  if (typeof id === 'string') return id;
  return typeof branch === 'string' ? branch : undefined;
}
