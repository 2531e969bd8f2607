import { type Command, Job, jobTypeOf, MASK } from '@skep/protocol';

/** A job as the form has it: all text, as it was typed. */
export interface Draft {
  commands: string;
  project: string;
  labels: string;
  env: string;
  secrets: string;
  repo: string;
  branch: string;
  timeoutMinutes: string;
  priority: string;
  /** As JSON. */
  matrix: string;
}

export const emptyDraft: Draft = {
  commands: '',
  project: '',
  labels: '',
  env: '',
  secrets: '',
  repo: '',
  branch: '',
  timeoutMinutes: '',
  priority: '',
  matrix: '',
};

/** What the field of the matrix is called. */
export const matrixLabel = 'Matrix, as JSON: once for each cell, such as {"platform": ["debian-12", "freebsd-14"]}';

export type DraftProblems = Partial<Record<keyof Draft, string>>;

/** The job that a draft means, or what is wrong in which field. */
export function jobOf(draft: Draft): { job: Job } | { problems: DraftProblems } {
  const problems: DraftProblems = {};
  const pairs = (field: 'labels' | 'env' | 'secrets'): Record<string, string> | undefined => {
    const lines = linesOf(draft[field]);
    const wrong = lines.find((line) => !/^[^=\s][^=]*=/.test(line));
    if (wrong !== undefined) problems[field] = `“${wrong}” is not NAME=VALUE`;
    return lines.length === 0
      ? undefined
      : Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1)]));
  };
  const number = (field: 'timeoutMinutes' | 'priority'): number | undefined => {
    const text = draft[field].trim();
    if (text === '') return undefined;
    if (!/^-?\d+(\.\d+)?$/.test(text)) problems[field] = `“${text}” is not a number`;
    return Number(text);
  };
  const json = (field: 'matrix'): unknown => {
    try {
      return draft[field].trim() === '' ? undefined : JSON.parse(draft[field]);
    } catch {
      problems[field] = 'This is no JSON';
      return undefined;
    }
  };
  const commands = linesOf(draft.commands);
  if (commands.length === 0) problems.commands = 'Give at least one command';
  const [labels, env, secrets] = [pairs('labels'), pairs('env'), pairs('secrets')];
  const [minutes, priority] = [number('timeoutMinutes'), number('priority')];
  const matrix = json('matrix');
  const text = (field: 'project' | 'repo' | 'branch'): string | undefined => draft[field].trim() || undefined;
  const [project, repo, branch] = [text('project'), text('repo'), text('branch')];
  if (branch !== undefined && repo === undefined) problems.repo = 'A branch needs a repository';
  const parsed = Job.safeParse({
    phases: { test: commands },
    ...(project && { project }),
    ...(repo && { repo: { url: repo } }),
    ...(branch && { ref: { branch } }),
    ...(env && { env }),
    ...(secrets && { secrets }),
    ...(labels && { requires: { labels } }),
    ...(priority !== undefined && { priority }),
    ...(minutes !== undefined && { timeout: { job: minutes * 60 } }),
    ...(matrix !== undefined && { matrix }),
  });
  if (Object.keys(problems).length > 0) return { problems };
  if (parsed.success) return { job: parsed.data };
  for (const issue of parsed.error.issues) problems[fieldOf(issue.path)] ??= issue.message;
  return { problems };
}

/** A job as a draft; undefined if the form cannot say all of it. */
export function draftOf(job: Job): Draft | undefined {
  const { test = [], ...others } = job.phases ?? {};
  const known = new Set([
    'id',
    'retryOf',
    'trigger',
    'job_type',
    'phases',
    'project',
    'repo',
    'ref',
    'env',
    'secrets',
    'requires',
    'priority',
    'timeout',
    'matrix',
  ]);
  const isSimple =
    jobTypeOf(job) === 'TEST' &&
    Object.keys(job).every((key) => known.has(key)) &&
    Object.values(others).every((value) => value === undefined) &&
    test.every((command: Command) => typeof command === 'string' && !command.includes('\n')) &&
    Object.keys(job.requires ?? {}).every((key) => key === 'labels') &&
    Object.keys(job.timeout ?? {}).every((key) => key === 'job') &&
    job.repo?.auth === undefined &&
    (job.ref === undefined || ('branch' in job.ref && job.ref.id === undefined));
  if (!isSimple) return undefined;
  return {
    commands: test.join('\n'),
    project: job.project ?? '',
    labels: textOf(job.requires?.labels),
    env: textOf(job.env),
    secrets: Object.keys(job.secrets ?? {})
      .map((name) => `${name}=`)
      .join('\n'),
    repo: job.repo?.url ?? '',
    branch: typeof job.ref?.branch === 'string' ? job.ref.branch : '',
    timeoutMinutes: job.timeout?.job === undefined ? '' : String(job.timeout.job / 60),
    priority: job.priority === undefined ? '' : String(job.priority),
    matrix: job.matrix === undefined ? '' : JSON.stringify(job.matrix),
  };
}

/** A job to be submitted once more: without what belonged to the first time. */
export function again(job: Job): Job {
  const { id: _, retryOf: _retryOf, trigger: _trigger, ...rest } = job;
  return rest;
}

/** Whether anything in it is masked, so that it has to be given anew. */
export const isMasked = (job: Job): boolean => JSON.stringify(job).includes(MASK);

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
const textOf = (pairs: Readonly<Record<string, string>> | undefined): string =>
  Object.entries(pairs ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');

function fieldOf([first]: readonly PropertyKey[]): keyof Draft {
  if (first === 'requires') return 'labels';
  if (first === 'timeout') return 'timeoutMinutes';
  if (first === 'ref') return 'branch';
  if (first === 'matrix') return first;
  return first === 'project' || first === 'env' || first === 'secrets' || first === 'repo' || first === 'priority' ? first : 'commands';
}
