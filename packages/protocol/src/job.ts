import * as z from 'zod';
import { JobArtifacts, JobCache } from './jobFiles.js';
import { Matrix } from './matrix.js';
import { TemplateUse } from './template.js';
import { AttemptNumber, DroneId, JobId, LeaseNumber, type Phase, PlatformName, Priority, phases, Timestamp } from './vocabulary.js';

const Name = z.string().min(1).max(200);
const EnvName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a variable name: letters, digits and _, not beginning with a digit');
const Seconds = z
  .number()
  .positive()
  .max(30 * 24 * 3600);

/** Variables of a command's environment. */
export const Env = z.record(EnvName, z.string().max(128 * 1024)).meta({ id: 'Env', description: 'Environment variables.' });
export type Env = z.infer<typeof Env>;

/** Words by which drones are told apart and jobs choose among them. */
export const Labels = z
  .record(z.string().min(1).max(100), z.string().max(200))
  .meta({ id: 'Labels', description: 'Key and value by which drones are told apart.' });
export type Labels = z.infer<typeof Labels>;

/** One process to start. A string runs in `/bin/sh -e`; an object with `args` runs without a shell. */
export const Command = z
  .union([
    z
      .string()
      .min(1)
      .max(1024 * 1024),
    z.looseObject({
      command: z
        .string()
        .min(1)
        .max(1024 * 1024)
        .describe('The line for the shell, or with `args` the program.'),
      args: z.array(z.string()).optional().describe('Arguments; with them the command runs without a shell.'),
      screencmd: z.string().optional().describe('What everybody is shown in place of the command.'),
      cwd: z.string().optional().describe('Folder to run in, relative to the workspace.'),
      env: Env.optional(),
      timeout: Seconds.optional().describe('Seconds after which the command is ended.'),
      shell: z
        .union([z.boolean(), z.string().min(1)])
        .optional()
        .describe('A shell of your own, or false for none.'),
    }),
  ])
  .meta({ id: 'Command', description: 'One process to start in a phase.' });
export type Command = z.infer<typeof Command>;

export const RepoAuth = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('https'), username: z.string(), password: z.string().describe('A password or token.') }),
    z.object({ type: z.literal('ssh'), key: z.string().min(1).describe('A private key in PEM or OpenSSH form.') }),
  ])
  .meta({ id: 'RepoAuth', description: 'How a repository is entered.' });
export type RepoAuth = z.infer<typeof RepoAuth>;

/** Where the sources are. */
export const Repo = z
  .looseObject({
    url: z.string().min(1).max(4096).describe('Where to clone from: https, ssh, file or a path; of a tarball, where it is.'),
    auth: RepoAuth.optional(),
    provider: z.string().optional().describe('github, bitbucket, gitlab, ...'),
    vcs: z.enum(['git', 'hg', 'tarball']).optional().describe('git unless said otherwise; tarball: an archive at an http(s) address.'),
    sha256: z
      .string()
      .regex(/^[0-9a-fA-F]{64}$/, 'must be 64 hexadecimal digits')
      .optional()
      .describe('Of a tarball: what it must be.'),
  })
  .meta({ id: 'Repo', description: 'Where the sources are.' });
export type Repo = z.infer<typeof Repo>;

/** Which state of the sources. Names beginning with `-` are refused: they would be read as options. */
const RefName = z
  .string()
  .min(1)
  .max(1024)
  .regex(/^\+?[^-\s+]\S*$/, 'must not begin with - or contain spaces');
export const Ref = z
  .union([
    z.looseObject({ fetch: RefName.describe('A refspec to fetch, such as `+refs/pull/141/merge`.') }),
    z.looseObject({
      branch: RefName.describe('A branch or tag.'),
      id: RefName.optional().describe('A commit on that branch; its newest if absent.'),
    }),
  ])
  .meta({ id: 'Ref', description: 'Which state of the sources: a branch, a commit, or a refspec to fetch.' });
export type Ref = z.infer<typeof Ref>;

export const Trigger = z
  .looseObject({
    type: z.string().min(1).describe('manual, commit, pull-request, schedule, ...'),
    author: z.unknown().optional().describe('Who caused it, in any form.'),
    message: z.string().optional().describe('Such as the message of the commit.'),
    timestamp: z.unknown().optional().describe('When it happened, as the source says it.'),
    url: z.string().optional().describe('Where people can read about it.'),
    source: z.unknown().optional().describe('What noticed it, in any form.'),
  })
  .meta({ id: 'Trigger', description: 'What caused the job; `{type: "manual"}` if not given.' });

/** What a drone must have to run the job. */
export const Requires = z
  .object({
    labels: Labels.optional().describe('Each of these, with this value.'),
    plugins: z.array(Name).max(1000).optional().describe('All of these, beside those that the job names itself.'),
    handlers: z.array(Name).max(1000).optional().describe("All of these, beside a task's own."),
    minSpeed: z.number().int().min(1).optional().describe('At least this speed.'),
    platform: PlatformName.optional().describe('This platform.'),
    drone: Name.optional().describe('This drone, by its id or its name.'),
    notDrones: z.array(DroneId).max(1000).optional().describe('Any drone but these, by their ids.'),
  })
  .meta({ id: 'Requires', description: 'What a drone must have to run the job.' });
export type Requires = z.infer<typeof Requires>;

/** With which other jobs a job may run at once. */
export const Concurrency = z
  .union([
    z.object({
      // Long enough for the group that a cell is in where its job names none.
      group: z.string().min(1).max(2000).describe('Any name: jobs that give the same one are a group.'),
      limit: z
        .number()
        .int()
        .min(1)
        .max(10_000)
        .optional()
        .describe('How many of the group run at once; 1 if absent. Where its jobs differ, the lowest of those that wait or run counts.'),
    }),
    z.literal(false).describe('The job is in no group, not even in that of its project and branch.'),
  ])
  .meta({
    id: 'Concurrency',
    description:
      'With which jobs this one does not run at once. A build with a `project` and a `ref.branch` that does not say is in the group `PROJECT @ BRANCH`, of which one runs at a time; a task is in none.',
  });

const Commands = z.array(Command).max(10_000);
const Phases = z
  .object({
    environment: z.object({ env: Env.optional() }).optional().describe('Variables for all phases.'),
    prepare: Commands.optional().describe('Run after the checkout.'),
    test: Commands.optional().describe('Run unless the job is a DEPLOY.'),
    deploy: Commands.optional().describe('Run in a DEPLOY, and in a TEST&DEPLOY whose test passed.'),
    cleanup: Commands.optional().describe('Always run, at the end.'),
  })
  .meta({ id: 'Phases', description: 'What each phase runs.' });

/**
 * A job as a caller submits it. Nothing is required. Fields that are not named here are kept and handed to the drone
 * as they came.
 */
export const Job = z
  .looseObject({
    id: JobId.optional().describe('Given by the caller: submitting it again returns the same job. Made if absent.'),
    job_type: Name.optional().describe("TEST (if absent), DEPLOY, TEST&DEPLOY, or a handler's name: a task."),
    project: z.string().max(500).optional().describe('What it belongs to; jobs can be listed by it.'),
    repo: Repo.optional(),
    ref: Ref.optional(),
    trigger: Trigger.optional(),
    plugins: z.array(Name).max(100).optional().describe('Plugins whose phases run, in this order.'),
    config: z.record(z.string(), z.unknown()).optional().describe('Configuration for each plugin, by its name.'),
    phases: Phases.optional(),
    data: z.unknown().optional().describe("A task's input."),
    env: Env.optional().describe('Variables for every command.'),
    secrets: Env.optional().describe('Variables like `env` whose values appear in no view and no output.'),
    requires: Requires.optional(),
    priority: Priority.optional().describe('Higher first; 0 if absent.'),
    timeout: z
      .object({
        job: Seconds.optional().describe('Seconds an attempt may take; 3600 if absent.'),
        silence: Seconds.optional().describe('Seconds without output; 1200 if absent.'),
        queue: Seconds.optional().describe('Seconds the job may wait for a drone; for ever if absent.'),
      })
      .optional(),
    retry: z
      .object({
        lost: z
          .number()
          .int()
          .min(0)
          .max(100)
          .optional()
          .describe(
            'New attempts after one whose drone was lost; 1 if absent, 0 once `deploy` began and for tasks that are not idempotent.',
          ),
        failed: z.number().int().min(0).max(100).optional().describe('New attempts after one that failed; 0 if absent.'),
        backoff: Seconds.optional().describe('Seconds before the first retry, doubled for each one after; 1 if absent.'),
      })
      .optional(),
    after: z
      .array(JobId)
      .max(1000)
      .optional()
      .describe('Jobs that must have passed before this one starts; if one of them does not, this one is cancelled.'),
    follows: z.array(JobId).max(1000).optional().describe('Jobs that must be over before this one starts, whatever became of them.'),
    concurrency: Concurrency.optional(),
    artifacts: JobArtifacts.optional(),
    cache: JobCache.optional(),
    idempotent: z.boolean().optional().describe('A task that may run twice without harm.'),
    lostAfter: Seconds.optional().describe('Seconds that a silent drone keeps the attempt; 60 if absent.'),
    matrix: Matrix.optional().describe('Makes the job a parent: a job is made for each cell.'),
    reproducible: z
      .boolean()
      .optional()
      .describe('Makes a build a parent: it is built twice, on different drones, and passes only if both leave the same artifacts behind.'),
    template: TemplateUse.omit({ matrix: true }).optional().describe('Of a job with a `matrix`: the template of which each cell is made.'),
    retryOf: JobId.optional().describe('The job that this one repeats.'),
  })
  .meta({ id: 'Job', description: 'A job as a caller submits it.' });
export type Job = z.infer<typeof Job>;

/** The types of job that run phases; every other `job_type` names a handler. */
export const buildTypes = ['TEST', 'DEPLOY', 'TEST&DEPLOY'] as const;
export type BuildType = (typeof buildTypes)[number];

/** What every ticket begins with, so that it can be told from a token. */
export const TICKET_PREFIX = 'skept_';

/** The job's type: TEST if it names none. */
export const jobTypeOf = (job: Job): string => job.job_type ?? 'TEST';

/** Whether the job is performed by a handler instead of running phases. */
export const isTask = (job: Job): boolean => !(buildTypes as readonly string[]).includes(jobTypeOf(job));

/** The phases that a job of this type runs, in order; `cleanup` comes last and always. */
export function phasesOf(job: Job): Phase[] {
  const type = jobTypeOf(job);
  if (isTask(job)) return [];
  return phases.filter((phase) => (phase === 'test' ? type !== 'DEPLOY' : phase === 'deploy' ? type !== 'TEST' : true));
}

/** All that a job asks of a drone, however it says so. */
export interface Requirements {
  labels: Labels;
  plugins: readonly string[];
  handlers: readonly string[];
  minSpeed: number;
  /** null: any. */
  platform: string | null;
  /** The drone that it must go to, by id or name; null: any. */
  drone: string | null;
  /** Drones that it must not go to, by id. */
  notDrones: readonly string[];
}

/** All that a drone needs to run this job: what it requires by name, its plugins, and the handler of a task. */
export function requirementsOf(job: Job): Requirements {
  const { labels = {}, plugins = [], handlers = [], minSpeed = 0, platform = null, drone = null, notDrones = [] } = job.requires ?? {};
  return {
    labels,
    plugins: [...new Set([...plugins, ...(job.plugins ?? [])])],
    handlers: [...new Set(isTask(job) ? [...handlers, jobTypeOf(job)] : handlers)],
    minSpeed,
    platform,
    drone,
    notDrones,
  };
}

/** The group of jobs that a job belongs to, and how many of them may run at once; undefined if it runs beside any other. */
export function groupOf(job: Job): { name: string; limit: number } | undefined {
  const { concurrency, project, ref } = job;
  if (concurrency === false) return undefined;
  if (concurrency) return { name: concurrency.group, limit: concurrency.limit ?? 1 };
  const branch = ref?.branch;
  if (isTask(job) || !project || typeof branch !== 'string') return undefined;
  // No branch has a space in its name, so no two pairs make the same group.
  return { name: `${project} @ ${branch}`, limit: 1 };
}

/** What a job is called where there is no room for all of it: its first command, its handler, or its project. */
export function titleOf(job: Job): string {
  if (isTask(job)) return jobTypeOf(job);
  const first = [...(job.phases?.test ?? []), ...(job.phases?.deploy ?? []), ...(job.phases?.prepare ?? [])][0];
  const title = first === undefined ? (job.project ?? job.repo?.url ?? jobTypeOf(job)) : shownCommand(first);
  return title.split('\n', 1)[0]?.slice(0, 200) ?? '';
}

/** The command as people may see it: its `screencmd` where it has one. */
export function shownCommand(command: Command): string {
  if (typeof command === 'string') return command;
  return command.screencmd ?? [command.command, ...(command.args ?? [])].join(' ');
}

/** A job as a drone is given it: all that the caller gave, its id under both names, and the lease to report under. */
export const AssignedJob = z
  .looseObject({
    ...Job.shape,
    id: JobId,
    job_id: JobId.describe('The same as `id`.'),
    attempt: AttemptNumber.describe('The number of this attempt, from 1.'),
    lease: LeaseNumber.describe('The right of this attempt to report; frames carry it.'),
    assigned: Timestamp.describe("The instant of the assignment by the queen's clock; a drone counts its timestamps from it."),
    ticket: z
      .string()
      .max(2000)
      .optional()
      .describe('What the attempt shows in place of a token: it opens its own artifacts, the caches of its project, and nothing else.'),
  })
  .meta({ id: 'AssignedJob', description: 'A job as a drone is given it.' });
export type AssignedJob = z.infer<typeof AssignedJob>;
