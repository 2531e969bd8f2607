import * as z from 'zod';
import { JobSummary } from './jobInfo.js';

export const ProjectName = z.string().min(1).max(500);

/** Which projects to list, by name, a page at a time. */
export const ProjectsQuery = z
  .object({
    after: z.string().max(500).optional().describe('The `next` of the page before.'),
    limit: z.coerce.number().int().min(1).max(100).default(50),
  })
  .meta({ id: 'ProjectsQuery', description: 'Which projects to list.' });

const Count = z.number().int().min(0);

/** A project: what jobs that name it have become. */
export const ProjectSummary = z
  .object({
    project: z.string(),
    recent: z.array(JobSummary).describe('Its newest jobs, at most 20, the newest first.'),
    counts: z
      .object({ passed: Count, failed: Count.describe('All that are done and did not pass.'), active: Count })
      .describe('Of its newest 1,000 jobs.'),
  })
  .meta({ id: 'ProjectSummary', description: 'A project, and what became of its newest jobs.' });
export type ProjectSummary = z.infer<typeof ProjectSummary>;

export const ProjectsAnswer = z
  .object({ projects: z.array(ProjectSummary), next: z.string().nullable() })
  .meta({ id: 'ProjectsAnswer', description: 'A page of projects, by name; `next` leads to the one after.' });
export type ProjectsAnswer = z.infer<typeof ProjectsAnswer>;

/** All that is told of one project. */
export const Project = ProjectSummary.extend({
  branches: z
    .array(z.object({ branch: z.string().nullable().describe('null: of jobs that name none.'), latest: JobSummary }))
    .describe('The newest job of each branch, the newest first; of the newest 500 jobs.'),
  made: JobSummary.nullable().describe('The newest that passed and left artifacts behind; of the newest 20 that passed.'),
  usual: z.number().nullable().describe('Milliseconds: half of the newest 20 that passed took no longer; null where none passed.'),
  badge: z.boolean().describe('Whether the badge is shown to everybody, without a token.'),
}).meta({ id: 'Project', description: 'A project, its branches, and how long its jobs take.' });
export type Project = z.infer<typeof Project>;

export const BadgeQuery = z.object({ branch: z.string().max(500).optional().describe('Of this branch alone.') }).meta({ id: 'BadgeQuery' });
